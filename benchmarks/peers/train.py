#!/usr/bin/env python3
"""What it costs other tools to train the perceptron of `assay bench train`, one at a time.

64-100-10 on the digits, batch 64, Adam, learning rate 0.005, ten epochs, four fifths of the rows.
Processor time of one thread for each row and epoch, and the accuracy on the other rows, which says
whether the same was learnt. Prints the measurements as JSON, in the form of the files in results/.
What is not installed is left out, and said.

    python3 train.py [--tools scikit-learn,pytorch-eager] [--repeats 5] [--epochs 10] [--out FILE]
"""

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # before anything loads a BLAS

import argparse
import statistics
import sys
import time
import warnings

import peer_results

warnings.filterwarnings("ignore")
HIDDEN, BATCH, RATE = 100, 64, 0.005


def digits():
    """Standardised features and labels, FP32, the rows shuffled once: training, validation."""
    import numpy
    from sklearn.datasets import load_digits

    x, y = load_digits(return_X_y=True)
    order = numpy.random.default_rng(1).permutation(len(y))
    x, y = x[order], y[order]
    rows = 1437
    mean, deviation = x[:rows].mean(0), x[:rows].std(0)
    deviation[deviation == 0] = 1
    x = ((x - mean) / deviation).astype(numpy.float32)
    return x[:rows], y[:rows], x[rows:], y[rows:]


def scikit_learn(x, y, epochs):
    import sklearn
    from sklearn.neural_network import MLPClassifier

    model = MLPClassifier(
        (HIDDEN,),
        batch_size=BATCH,
        learning_rate_init=RATE,
        alpha=0,
        max_iter=epochs,
        n_iter_no_change=epochs + 1,
        random_state=1,
    )
    model.fit(x, y)
    return sklearn.__version__, model.predict


def torch_eager(x, y, epochs):
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(1)
    inputs, labels = torch.from_numpy(x), torch.from_numpy(y)
    model = torch.nn.Sequential(
        torch.nn.Linear(64, HIDDEN), torch.nn.ReLU(), torch.nn.Linear(HIDDEN, 10)
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
    loss = torch.nn.CrossEntropyLoss()
    for _ in range(epochs):
        order = torch.randperm(len(labels))
        for start in range(0, len(labels), BATCH):
            rows = order[start : start + BATCH]
            optimizer.zero_grad()
            loss(model(inputs[rows]), labels[rows]).backward()
            optimizer.step()
    return torch.__version__, lambda v: model(torch.from_numpy(v)).argmax(1).numpy()


TOOLS = {"scikit-learn": scikit_learn, "pytorch-eager": torch_eager}


def measure(name, train, data, epochs, repeats):
    x, y, unseen, truth = data
    train(x, y, 1)  # imports
    times = []
    for _ in range(repeats):
        start = time.process_time()
        version, predict = train(x, y, epochs)
        times.append(1e6 * (time.process_time() - start) / (epochs * len(y)))
    times.sort()
    return {
        "benchmark": "peers.train",
        "parameters": {
            "tool": name,
            "version": version,
            "epochs": str(epochs),
            "accuracy": f"{(predict(unseen) == truth).mean():.4f}",
        },
        "score": statistics.fmean(times),
        "error": None,
        "unit": "us/op",
        "p50": statistics.median(times),
        "p99": times[-1],
        "bytesPerOperation": None,
        "peer": None,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument(
        "--tools", default=",".join(TOOLS), help="comma-separated: %(default)s"
    )
    parser.add_argument("--out")
    arguments = parser.parse_args()
    tools = arguments.tools.split(",")
    for tool in tools:
        if tool not in TOOLS:
            parser.error(f"no such tool: {tool}; there are {', '.join(TOOLS)}")
    try:
        data = digits()
    except ImportError as missing:
        sys.exit(f"scikit-learn and numpy are needed for the data: {missing}")
    measurements = []
    for name in tools:
        try:
            result = measure(name, TOOLS[name], data, arguments.epochs, arguments.repeats)
        except ImportError as missing:
            print(f"{name} left out: {missing}", file=sys.stderr)
            continue
        print(
            f"{name}: {result['p50']:.3g} us a row, accuracy {result['parameters']['accuracy']}",
            file=sys.stderr,
        )
        measurements.append(result)
    peer_results.write(measurements, arguments.out)


if __name__ == "__main__":
    main()
