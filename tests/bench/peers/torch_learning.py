# SPDX-License-Identifier: Apache-2.0
"""Training steps of a recurrent LIF layer in PyTorch, as learning_bench takes them: float, one thread.

  torch_learning.py NEURONS CHANNELS loop|hand REPEATS

loop: a loop of tensor operations over unbound inputs, differentiated by autograd, the spike a function with the fast
sigmoid's derivative. hand: one function with a backward pass written out. Prints one JSON object."""

import json
import math
import sys
import time

import torch

STEPS, BATCH, CLASSES, BETA = 500, 32, 10, 100.0
ALPHA, RHO = math.exp(-1 / 20), math.exp(-1 / 5)
KICK = 0.08 / 15 * ((RHO - ALPHA) / (1 / 20 - 1 / 5)) / 20  # of a current in pA on (V - E_L)/Delta
ALPHA_O, RHO_O = math.exp(-1 / 20), math.exp(-1 / 5)


class Spike(torch.autograd.Function):
    @staticmethod
    def forward(ctx, u):
        ctx.save_for_backward(u)
        return (u >= 0).float()

    @staticmethod
    def backward(ctx, grad):
        (u,) = ctx.saved_tensors
        return grad / (1 + BETA * u.abs()) ** 2


def read_out(spikes, W_o):
    """Logits from spikes [STEPS, BATCH, N]: the read-out is linear in them, so its input is one product."""
    J = y = torch.zeros(BATCH, CLASSES)
    ys = []
    for arrived in (spikes @ W_o.t()).unbind(0):
        J = RHO_O * J + arrived
        y = ALPHA_O * y + (1 - ALPHA_O) * J
        ys.append(y)
    return torch.stack(ys).max(0).values


def loop(x, W_in, W, W_o):
    V = I = s = torch.zeros(BATCH, W.shape[0])
    spikes = []
    for arrived in (x @ W_in).unbind(0):
        U = ALPHA * V + KICK * I
        I = RHO * I + arrived + s @ W  # delays of one step
        s = Spike.apply(U - 1)
        V = U * (1 - s.detach())
        spikes.append(s)
    return read_out(torch.stack(spikes), W_o)


class Layer(torch.autograd.Function):
    """Inputs and weights to spikes, with the recursion of the adjoint written out."""

    @staticmethod
    def forward(ctx, x, W_in, W):
        N = W.shape[0]
        drive = x @ W_in
        U, S = torch.empty(STEPS, BATCH, N), torch.empty(STEPS, BATCH, N)
        V, I, s = torch.zeros(BATCH, N), torch.zeros(BATCH, N), torch.zeros(BATCH, N)
        for t in range(STEPS):
            torch.mul(V, ALPHA, out=U[t]).add_(I, alpha=KICK)
            I.mul_(RHO).add_(drive[t]).addmm_(s, W)
            s = S[t]
            torch.ge(U[t], 1, out=s)
            torch.mul(U[t], 1 - s, out=V)
        ctx.save_for_backward(x, W, U, S)
        return S

    @staticmethod
    def backward(ctx, grad):
        x, W, U, S = ctx.saved_tensors
        G = torch.empty_like(U)
        sigma = (U - 1).abs_().mul_(BETA).add_(1).pow_(-2)
        u, g = torch.zeros_like(U[0]), torch.zeros_like(U[0])
        back = W.t().contiguous()
        for t in reversed(range(STEPS)):
            h = torch.addmm(grad[t], g, back)
            g = torch.add(g * RHO, u, alpha=KICK)
            G[t] = g
            u = (1 - S[t]) * u * ALPHA + sigma[t] * h
        flat = G.reshape(STEPS * BATCH, -1)
        dW = S[:-1].reshape((STEPS - 1) * BATCH, -1).t() @ flat[BATCH:]
        return None, x.reshape(STEPS * BATCH, -1).t() @ flat, dW


def hand(x, W_in, W, W_o):
    return read_out(Layer.apply(x, W_in, W), W_o)


def main():
    neurons, channels, form, repeats = int(sys.argv[1]), int(sys.argv[2]), {"loop": loop, "hand": hand}[sys.argv[3]], int(sys.argv[4])
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)  # what decays for long would be slow
    torch.manual_seed(1)
    x = (torch.rand(STEPS, BATCH, channels) < 0.01).float()
    labels = torch.randint(CLASSES, (BATCH,))
    W_in = (9000 / math.sqrt(channels * 10) * torch.randn(channels, neurons)).requires_grad_()
    W = (300 / math.sqrt(neurons) * torch.randn(neurons, neurons)).requires_grad_()
    W_o = (torch.randn(CLASSES, neurons) / math.sqrt(neurons)).requires_grad_()
    adam = torch.optim.Adam([{"params": [W_in, W], "lr": 0.1}, {"params": [W_o]}], lr=1e-3)
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        adam.zero_grad()
        loss = torch.nn.functional.cross_entropy(form(x, W_in, W, W_o), labels)
        loss.backward()
        adam.step()
        seconds.append(time.perf_counter() - start)
    print(json.dumps({"neurons": neurons, "channels": channels, "form": sys.argv[3], "seconds": seconds, "loss": loss.item()}))


if __name__ == "__main__":
    main()
