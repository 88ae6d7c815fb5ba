"""Makes the reference values of the metrics, by scikit-learn.

    python tests/references/make_metric_references.py

writes `metrics.npz` beside this file. It needs scikit-learn and knows nothing of nncore: the tests
read the file and need no scikit-learn. Where it is installed, a test makes the values again and
compares them with the file.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from sklearn import __version__
from sklearn.calibration import calibration_curve
from sklearn.metrics import (
    confusion_matrix,
    log_loss,
    precision_recall_fscore_support,
    top_k_accuracy_score,
)
from sklearn.utils.extmath import softmax

FILE = Path(__file__).with_name("metrics.npz")
SAMPLES, CLASSES, BINS = 400, 8, 15
KS = range(1, CLASSES)


def make() -> dict[str, np.ndarray]:
    """Every array of the file by name.

    No sample has the class 6 and none is given the class 7, so that the figures without samples are
    among those compared.
    """
    rng = np.random.default_rng(15)
    labels = rng.choice([0, 1, 2, 3, 4, 5, 7], SAMPLES)
    logits = rng.normal(0, 1.5, (SAMPLES, CLASSES))
    logits[np.arange(SAMPLES), labels] += 2
    logits[:, 7] -= 12
    probabilities = softmax(logits)
    predicted, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    classes = np.arange(CLASSES)
    precision, recall, f1, support = precision_recall_fscore_support(
        labels, predicted, labels=classes, zero_division=0
    )
    accuracy, sure = calibration_curve(
        labels == predicted, confidence, n_bins=BINS, strategy="uniform"
    )
    edges = np.linspace(0, 1, BINS + 1)
    counts = np.histogram(confidence, edges)[0]
    return {
        "logits": logits,
        "labels": labels,
        "loss": np.array(log_loss(labels, probabilities, labels=classes)),
        "top": np.array([top_k_accuracy_score(labels, logits, k=k, labels=classes) for k in KS]),
        "confusion": confusion_matrix(labels, predicted, labels=classes),
        "precision": precision,
        "recall": recall,
        "f1": f1,
        "support": support,
        # Only of the bins that hold a sample.
        "bins": counts,
        "bin.accuracy": accuracy,
        "bin.confidence": sure,
    }


if __name__ == "__main__":
    np.savez_compressed(FILE, allow_pickle=False, **make())
    print(f"{FILE.name}: {FILE.stat().st_size:,} bytes, scikit-learn {__version__}")
