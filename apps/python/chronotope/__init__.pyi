# SPDX-License-Identifier: Apache-2.0
import os
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Literal, Protocol, Union, final

import numpy as np
import pandas
from numpy.typing import ArrayLike, NDArray

from chronotope import plot as plot
from chronotope.network import Network as Network

__version__: str

class InputError(ValueError): ...
class DegenerateRepresentation(InputError): ...
class Failure(RuntimeError): ...

class _Message(Protocol):
    def SerializeToString(self) -> bytes: ...

_Path = Union[str, os.PathLike[str]]
_Specification = Union[str, bytes, os.PathLike[str], Mapping[str, Any], Network, _Message]
_Metric = Literal["euclidean", "cosine", "correlation", "hamming"]
_Variant = Literal["min", "max", "symmetric", "lite", "mtop-div"]
_Normalize = Literal["quantile", "pairs-quantile", "median", "mean", "none"]
_Changes = Union[str, Sequence[str], None]
_Bars = NDArray[np.float64]

@final
class Divergence:
    @property
    def rtd(self) -> float: ...
    @property
    def rtd_ab(self) -> float: ...
    @property
    def rtd_ba(self) -> float: ...
    @property
    def sd(self) -> float: ...
    @property
    def se(self) -> float: ...
    @property
    def n(self) -> int: ...
    @property
    def batch(self) -> int: ...
    @property
    def trials(self) -> int: ...
    @property
    def infinite_bars(self) -> float: ...
    @property
    def cka(self) -> float | None: ...
    @property
    def interval(self) -> tuple[float, float] | None: ...
    @property
    def barcodes(self) -> tuple[_Bars, _Bars]: ...
    def to_dict(self) -> dict[str, Any]: ...
    def __float__(self) -> float: ...

def rtd(
    x: ArrayLike,
    y: ArrayLike,
    *,
    distances: bool = False,
    batch: int | None = None,
    trials: int | None = None,
    reference_batch: int | None = None,
    seed: int = 0,
    threads: int = 0,
    variant: _Variant = "min",
    dims: Literal[1, 2] = 1,
    metric: _Metric = "euclidean",
    normalize: _Normalize | None = None,
    quantile: float | None = None,
    explain: int = 0,
    permutations: int = 0,
    level: float = 0.95,
    resamples: int = 1000,
) -> Divergence: ...
def cross_barcode(
    x: ArrayLike,
    y: ArrayLike,
    *,
    distances: bool = False,
    reference_batch: int | None = None,
    threads: int = 0,
    variant: _Variant = "min",
    dims: Literal[1, 2] = 1,
    metric: _Metric = "euclidean",
    normalize: _Normalize | None = None,
    quantile: float | None = None,
) -> tuple[_Bars, _Bars]: ...
def barcode(
    x: ArrayLike,
    *,
    distances: bool = False,
    dim: Literal[0, 1, 2] = 1,
    threshold: float | None = None,
    modulus: int = 2,
    metric: _Metric = "euclidean",
) -> list[_Bars]: ...
def cka(x: ArrayLike, y: ArrayLike) -> float: ...

@final
class Simulation:
    def __init__(
        self,
        spec: _Specification,
        *,
        set: _Changes = None,
        seed: int | None = None,
        seed_of: _Changes = None,
        cv: float | None = None,
        threads: int = 1,
        over_memory: bool = False,
        out: _Path | None = None,
    ) -> None: ...
    @property
    def now(self) -> float: ...
    @property
    def spikes(self) -> NDArray[np.void]: ...
    @property
    def sources(self) -> tuple[str, ...]: ...
    @property
    def populations(self) -> dict[str, int]: ...
    @property
    def projections(self) -> tuple[str, ...]: ...
    def run_until(self, until: float) -> None: ...
    def spikes_of(self, population: str) -> tuple[NDArray[np.float64], NDArray[np.uint32]]: ...
    def forget_spikes(self) -> None: ...
    def potentials(self, population: str) -> NDArray[np.float64]: ...
    def synapses(self, projection: str | None = None) -> NDArray[np.void]: ...
    def spike_frame(self) -> pandas.DataFrame: ...
    def synapse_frame(self, projection: str | None = None) -> pandas.DataFrame: ...
    def summary(self) -> dict[str, Any]: ...
    def fork(
        self,
        *,
        set: _Changes = None,
        freeze: bool = False,
        threads: int = 1,
        over_memory: bool = False,
        out: _Path | None = None,
    ) -> Simulation: ...
    def snapshot(self) -> None: ...
    def close(self) -> None: ...
    def __enter__(self) -> Simulation: ...
    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None: ...

def simulate(
    spec: _Specification,
    *,
    until: float | None = None,
    set: _Changes = None,
    seed: int | None = None,
    seed_of: _Changes = None,
    cv: float | None = None,
    threads: int = 1,
    over_memory: bool = False,
    out: _Path | None = None,
) -> Simulation: ...

@final
class Stream:
    @property
    def spikes(self) -> NDArray[np.void]: ...
    @property
    def sources(self) -> tuple[str, ...]: ...
    @property
    def populations(self) -> dict[str, int]: ...
    @property
    def inputs(self) -> dict[str, int]: ...
    @property
    def stimuli(self) -> list[dict[str, Any]]: ...
    @property
    def snapshots(self) -> list[dict[str, Any]]: ...
    @property
    def specification(self) -> str: ...
    @property
    def summary(self) -> dict[str, Any] | None: ...

def read(path: _Path) -> Stream: ...
def statistics(path: _Path, **options: Any) -> dict[str, Any]: ...
def compare(spec: _Specification, **options: Any) -> dict[str, Any]: ...
def responses(
    run: Simulation | Stream, population: str, stimuli: Sequence[Mapping[str, Any]]
) -> NDArray[np.float64]: ...
def encode(inputs: _Path | Sequence[_Path], out: _Path, **options: Any) -> Stream: ...
def train(spec: _Path, spikes: _Path, **options: Any) -> Stream | None: ...
def study(spec: _Path, out: _Path, **options: Any) -> dict[str, Any]: ...
