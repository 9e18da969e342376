"""scikit-learn and xgboost on what bench/scores/reference.ts sends: the same rows, folds and settings, one thread."""

import json
import sys
import time

import numpy as np
import xgboost
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, SplineTransformer, StandardScaler


def matrix_of(columns):
    values = [[np.nan if v is None or (c["type"] == "category" and v < 0) else v for v in c["values"]] for c in columns]
    return np.array(values, dtype=np.float32).T.copy()


def seconds(work, runs=1):
    best, result = float("inf"), None
    for _ in range(runs):
        start = time.process_time()
        result = work()
        best = min(best, time.process_time() - start)
    return best, result


def xgboost_of(settings):
    return {
        "objective": "binary:logistic",
        "tree_method": "hist",
        "max_bin": settings["bins"],
        "eta": settings["rate"],
        "max_depth": settings["depth"],
        "subsample": settings["rowSample"],
        "colsample_bytree": settings["columnSample"],
        "min_child_weight": settings["minChildWeight"],
        "reg_lambda": settings["l2"],
        "nthread": 1,
    }


def types_of(columns):
    return ["c" if c["type"] == "category" else "q" for c in columns]


def train_xgboost(columns, x, y, settings):
    data = xgboost.DMatrix(x, y, feature_types=types_of(columns), enable_categorical=True, nthread=1)
    return xgboost.train(xgboost_of(settings), data, settings["rounds"])


def quality(case, folds):
    columns, y = case["columns"], np.array(case["labels"])
    x, fold = matrix_of(columns), np.array(folds)
    numbers = [i for i, c in enumerate(columns) if c["type"] == "number" and len(set(c["values"])) > 2]
    others = [i for i in range(len(columns)) if i not in numbers]

    def logistic(make):
        to_columns = ColumnTransformer([("numbers", make, numbers), ("others", OneHotEncoder(handle_unknown="ignore"), others)])
        return make_pipeline(to_columns, LogisticRegression(max_iter=2000))

    models = {
        "sklearn.logistic": logistic(StandardScaler()),
        "sklearn.spline_logistic": logistic(make_pipeline(SplineTransformer(6), StandardScaler())),
        "sklearn.boosting": HistGradientBoostingClassifier(
            categorical_features=[c["type"] == "category" for c in columns], random_state=1
        ),
    }
    likelihoods = {name: np.zeros(len(y)) for name in [*models, "xgboost"]}
    for test in sorted(set(folds)):
        seen, unseen = fold != test, fold == test
        for name, model in models.items():
            likelihoods[name][unseen] = model.fit(x[seen], y[seen]).predict_proba(x[unseen])[:, 1]
        booster = train_xgboost(columns, x[seen], y[seen], case["settings"])
        likelihoods["xgboost"][unseen] = booster.inplace_predict(x[unseen])
    return {name: [float(v) for v in values] for name, values in likelihoods.items()}


def speed(case):
    columns, y = case["columns"], np.array(case["labels"])
    x = matrix_of(columns)
    train, booster = seconds(lambda: train_xgboost(columns, x, y, case["settings"]), 4)
    many = np.tile(x, (case["copies"], 1))
    score, _ = seconds(lambda: booster.inplace_predict(many), 4)
    return {"train": train, "score": len(many) / score}


def main():
    request = json.load(sys.stdin)
    answer = {
        "likelihoods": quality(request["cases"][0], request["folds"]),
        "speeds": [speed(case) for case in request["cases"]],
    }
    json.dump(answer, sys.stdout)


main()
