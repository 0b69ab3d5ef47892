"""Array types shared by the encoders, the indexes and the snapshots."""

import numpy as np
import numpy.typing as npt

FloatMatrix = npt.NDArray[np.float32]
"""``(n, dimension)`` float32; rows are unit length wherever they are vectors of texts."""

FloatVector = npt.NDArray[np.float32]
"""``(n,)`` float32; scores are higher-is-better everywhere."""

RowIds = npt.NDArray[np.int64]
"""``(n,)`` int64 positions of passages inside one index; never an external id."""
