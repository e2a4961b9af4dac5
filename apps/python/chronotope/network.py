# SPDX-License-Identifier: Apache-2.0
"""A specification built in Python."""


class Network:
    """A network to simulate: populations, inputs and projections, added one after the other.

    Keywords are the fields of docs/specification.md; a number stands for a constant, a list or array for explicit values,
    a dict such as {"gamma": {"mean": 20, "cv": 0.5}} for a distribution. Nothing is checked before the network is
    simulated; errors then name the field.

        network = (chronotope.Network(seed=1)
                   .population("E", 80, tau_m=20, I_e=400)
                   .input("noise", 80, poisson={"rate": 10})
                   .projection("noise", "E", one_to_one={}, weight=30))
        run = chronotope.simulate(network, until=1000)
    """

    def __init__(self, seed=None, **fields):
        self._fields = {"population": [], "input": [], "projection": [], **fields}
        if seed is not None:
            self._fields["seed"] = seed

    def population(self, name, size, model="exp_psc_lif", *, grid=None, positions=None, **parameters):
        """Adds `size` neurons of a model with these parameters (tau_m [ms], V_th [mV], I_e [pA], ...), in a grid or at
        positions if they are in space."""
        fields = {"name": name, "size": size, model: parameters}
        fields.update({key: value for key, value in (("grid", grid), ("positions", positions)) if value is not None})
        self._fields["population"].append(fields)
        return self

    def input(self, name, size, **source):
        """Adds an input of `size` channels and its source: poisson={"rate": 10}, spike_times=[{...}], ..."""
        self._fields["input"].append({"name": name, "size": size, **source})
        return self

    def projection(self, source, target, **fields):
        """Adds synapses: a wiring (all_to_all={}, pairwise_bernoulli={"p": 0.1}, ...), weight, delay [ms], a rule."""
        self._fields["projection"].append({"source": source, "target": target, **fields})
        return self

    def to_specification(self):
        """The specification as a dict, as its JSON would have it."""
        return self._fields

    def __repr__(self):
        count = [len(self._fields[kind]) for kind in ("population", "input", "projection")]
        return "<chronotope.Network: {} populations, {} inputs, {} projections>".format(*count)
