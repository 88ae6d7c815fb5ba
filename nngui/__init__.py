"""The window."""

import nncore as _nncore  # noqa: F401  # before numpy: it chooses the kernels of the products
