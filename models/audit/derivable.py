"""Which sums of unknowns follow exactly from equations: by the rank of their rows, whatever the values are."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

_ZERO: Final = 1e-9


def derivable(equations: Any, asked: Any) -> npt.NDArray[np.bool_]:
    """Of each row of `asked`: whether it is a combination of the rows of `equations` (both sparse, same columns).

    Two solutions of the equations differ by a vector of their null space; a sum is told by them exactly if no such
    vector changes it, that is if nothing is left of its row once it is projected on the rows of the equations.
    """
    if not asked.shape[0]:
        return np.zeros(0, dtype=np.bool_)
    rows = asked.toarray()
    basis = _row_space(equations.toarray())
    left = rows - (rows @ basis.T) @ basis
    scale = np.linalg.norm(rows, axis=1)
    return np.asarray(np.linalg.norm(left, axis=1) <= _ZERO ** 0.5 * np.maximum(scale, 1), dtype=np.bool_)


def _row_space(matrix: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """An orthonormal basis of the space of the rows."""
    if not matrix.size:
        return np.zeros((0, matrix.shape[1]))
    _, values, basis = np.linalg.svd(matrix, full_matrices=False)
    rank = int((values > _ZERO * max(matrix.shape) * values.max(initial=0.0)).sum())
    return np.asarray(basis[:rank])
