"""Speed, as ratios in one run against the bare programs that assess cannot do without.

Both sides multiply matrices in one thread, as the commands do; `OPENBLAS_NUM_THREADS=2 make bench` gives both two.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is imported
