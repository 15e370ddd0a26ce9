"""One weighted mean of a table by pymcdm, called as its manual shows, without a normalisation."""

import json
import sys
import time

import numpy as np
from pymcdm.methods import WSM

with np.load(sys.argv[1]) as given:
    values, weights = given["values"], given["weights"]
method, types = WSM(lambda column, cost: column), np.ones(len(weights))
spent = []
for _ in range(25):
    started = time.perf_counter()
    result = method(values, weights, types)
    spent.append(time.perf_counter() - started)
np.save(sys.argv[2], result)
print(json.dumps({"pymcdm": sorted(spent)[12]}))
