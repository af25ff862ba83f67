"""Fits gradient-boosted trees (LightGBM) to the rows that the shipped model was trained on.

A reference to compare with, not a part of the product. `fit-boosted.py FOLDER` reads what
`training/evaluation/boosted-reference.ts` wrote there (`spec.json`, and for each set of rows a file of
float32 values, row by row, with labels and weights beside it), stops where the average precision on the
validation rows is best, and writes a score for each row of the other sets. The same rows give the same
scores.
"""

import json
import pathlib
import sys

import lightgbm
import numpy

SETTINGS = {
    "objective": "binary",
    "metric": "average_precision",
    "learning_rate": 0.03,
    "num_leaves": 31,
    "min_data_in_leaf": 20,
    "feature_fraction": 0.4,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "seed": 1,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 2,
    "verbosity": -1,
}
ROUNDS_MAX = 1500
PATIENCE = 150


def main(folder: pathlib.Path) -> None:
    spec = json.loads((folder / "spec.json").read_text())

    def column(name: str, kind: str) -> numpy.ndarray:
        return numpy.fromfile(folder / f"{name}.{kind}", dtype="<f4")

    def values(name: str) -> numpy.ndarray:
        return column(name, "values").reshape(-1, spec["columns"])

    train = lightgbm.Dataset(values("train"), column("train", "labels"), weight=column("train", "weights"))
    validation = train.create_valid(
        values("validation"), column("validation", "labels"), weight=column("validation", "weights")
    )
    stop = lightgbm.early_stopping(PATIENCE, verbose=False)
    model = lightgbm.train(SETTINGS, train, ROUNDS_MAX, valid_sets=[validation], callbacks=[stop])
    for name in spec["scored"]:
        model.predict(values(name), raw_score=True).astype("<f4").tofile(folder / f"{name}.scores")
    told = {"library": f"LightGBM {lightgbm.__version__}", "trees": model.best_iteration, "settings": SETTINGS}
    print(json.dumps(told))


main(pathlib.Path(sys.argv[1]))
