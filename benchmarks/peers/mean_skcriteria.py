"""One weighted mean of a table by scikit-criteria; its decision matrix is the form in which it takes any table."""

import json
import sys
import time

import numpy as np
from skcriteria import mkdm
from skcriteria.agg.simple import WeightedSumModel

with np.load(sys.argv[1]) as given:
    values, weights = given["values"], given["weights"]
method, aims, spent = WeightedSumModel(), [1] * len(weights), []
for _ in range(25):
    started = time.perf_counter()
    result = method.evaluate(mkdm(values, aims, weights=weights))
    spent.append(time.perf_counter() - started)
np.save(sys.argv[2], result.e_.score)
print(json.dumps({"scikit-criteria": sorted(spent)[12]}))
