#!/usr/bin/env python3
"""What it costs other tools to train the perceptrons of `assay bench train` and `assay bench training`.

One row in one epoch of one configuration, forwards, backwards and its share of the update, with
Adam. scikit-learn and eager PyTorch train one configuration at a time; vmap of PyTorch and of JAX
trains all at once, with a learning rate for each. On the processor it is the processor time of one
thread, on a card wall time with the device synchronised, in FP32 (TF32 only where the tool is named so). The accuracy on rows
that were not learnt from says whether the same was learnt. Prints the measurements as JSON, in the
form of the files in results/. What is not installed, or has no such device, is said and left out.

Without more: 64-100-10 on the digits, batch 64, learning rate 0.005, ten epochs, as `assay bench
training rate` does. With --data: the rows of `assay bench training device --rows FILE`, learning
rates from 0.001 to 0.01, and --hidden, --batch, --configurations, --epochs as there. --widths takes
several shapes, one after the other, as vmap needs it.

    python3 train.py [--tools scikit-learn,pytorch-eager,pytorch-vmap,jax-vmap,jax-vmap-tf32] [--repeats 5] [--epochs 10]
                     [--configurations 16] [--hidden 100 | --widths 32,64] [--batch 64] [--data FILE]
                     [--device cpu|cuda] [--out FILE]
"""

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # before anything loads a BLAS
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

import argparse
import dataclasses
import statistics
import sys
import time
import warnings

import peer_results

warnings.filterwarnings("ignore")
BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8


class Missing(Exception):
    """A tool or a device that is not there."""


@dataclasses.dataclass(frozen=True)
class Work:
    """What is to be trained: a shape, and a learning rate for each configuration."""

    hidden: int = 100
    batch: int = 64
    epochs: int = 10
    rates: tuple = (0.005,)
    device: str = "cpu"


def digits():
    """Standardised features and labels, FP32, the rows shuffled once: training, validation."""
    import numpy
    from sklearn.datasets import load_digits

    x, y = load_digits(return_X_y=True)
    order = numpy.random.default_rng(1).permutation(len(y))
    x, y = x[order], y[order]
    return standardised(x[:1437], y[:1437], x[1437:], y[1437:])


def from_file(path):
    """The rows of `assay bench training device --rows FILE`: features, label, 1 where not learnt from."""
    import numpy

    table = numpy.loadtxt(path, delimiter=",", skiprows=1, dtype=numpy.float32)
    x, y, unseen = table[:, :-2], table[:, -2].astype(numpy.int64), table[:, -1] > 0
    return standardised(x[~unseen], y[~unseen], x[unseen], y[unseen])


def standardised(x, y, unseen, truth):
    mean, deviation = x.mean(0), x.std(0)
    deviation[deviation == 0] = 1
    return (
        ((x - mean) / deviation).astype("float32"),
        y,
        ((unseen - mean) / deviation).astype("float32"),
        truth,
    )


def scikit_learn(x, y, work):
    import sklearn
    from sklearn.neural_network import MLPClassifier

    if work.device != "cpu":
        raise Missing("scikit-learn has no GPU")
    model = MLPClassifier(
        (work.hidden,),
        batch_size=work.batch,
        learning_rate_init=work.rates[0],
        alpha=0,
        max_iter=work.epochs,
        n_iter_no_change=work.epochs + 1,
        random_state=1,
    )
    model.fit(x, y)
    return sklearn.__version__, lambda v: [model.predict(v)]


def torch_device(torch, work):
    if work.device == "cuda" and not torch.cuda.is_available():
        raise Missing("PyTorch sees no CUDA device")
    torch.set_num_threads(1)
    torch.backends.cuda.matmul.allow_tf32 = False
    return torch.device(work.device)


def torch_eager(x, y, work):
    import torch

    device = torch_device(torch, work)
    torch.manual_seed(1)
    inputs, labels = torch.from_numpy(x).to(device), torch.from_numpy(y).to(device)
    model = torch.nn.Sequential(
        torch.nn.Linear(x.shape[1], work.hidden), torch.nn.ReLU(), torch.nn.Linear(work.hidden, 10)
    ).to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=work.rates[0])
    loss = torch.nn.CrossEntropyLoss()
    for _ in range(work.epochs):
        order = torch.randperm(len(labels), device=device)
        for start in range(0, len(labels), work.batch):
            rows = order[start : start + work.batch]
            optimizer.zero_grad()
            loss(model(inputs[rows]), labels[rows]).backward()
            optimizer.step()
    if work.device == "cuda":
        torch.cuda.synchronize()
    predict = lambda v: [model(torch.from_numpy(v).to(device)).argmax(1).cpu().numpy()]
    return torch.__version__, predict


def torch_vmap(x, y, work):
    """All configurations as one batch of models: torch.func.vmap over the gradient, Adam by hand."""
    import torch

    try:
        from torch.func import grad, vmap
    except ImportError:
        try:
            from functorch import grad, vmap  # PyTorch before 2.0
        except ImportError:
            raise Missing(f"PyTorch {torch.__version__} has neither torch.func nor functorch")
    device = torch_device(torch, work)
    torch.manual_seed(1)
    n, width = len(work.rates), x.shape[1]
    inputs, labels = torch.from_numpy(x).to(device), torch.from_numpy(y).to(device)
    rates = torch.tensor(work.rates, device=device)
    shapes = ((width, work.hidden), (work.hidden,), (work.hidden, 10), (10,))
    weights = []
    for shape in shapes:
        limit = (6 / sum(shape)) ** 0.5 if len(shape) == 2 else 0
        weights.append((2 * torch.rand(n, *shape, device=device) - 1) * limit)
    first = [torch.zeros_like(w) for w in weights]
    second = [torch.zeros_like(w) for w in weights]

    def forward(w, rows):
        return torch.relu(rows @ w[0] + w[1]) @ w[2] + w[3]

    def loss(w, rows, truth):
        chosen = torch.log_softmax(forward(w, rows), 1).gather(1, truth.unsqueeze(1))
        return -chosen.mean()

    gradient = vmap(grad(loss))
    step = 0
    for _ in range(work.epochs):
        order = torch.argsort(torch.rand(n, len(labels), device=device), dim=1)
        for start in range(0, len(labels), work.batch):
            rows = order[:, start : start + work.batch]
            g = gradient(tuple(weights), inputs[rows], labels[rows])
            step += 1
            scale = rates * (1 - BETA2**step) ** 0.5 / (1 - BETA1**step)
            epsilon = EPSILON * (1 - BETA2**step) ** 0.5
            for w, m, v, d in zip(weights, first, second, g):
                m.mul_(BETA1).add_(d, alpha=1 - BETA1)
                v.mul_(BETA2).addcmul_(d, d, value=1 - BETA2)
                w.sub_(scale.view(-1, *[1] * (w.dim() - 1)) * m / (v.sqrt() + epsilon))
    if work.device == "cuda":
        torch.cuda.synchronize()
    predict = lambda v: vmap(forward, (0, None))(
        tuple(weights), torch.from_numpy(v).to(device)
    ).argmax(2).cpu().numpy()
    return torch.__version__, predict


def jax_vmap_tf32(x, y, work):
    """As jax_vmap, products in TF32: less exact, and faster, where a card has it."""
    if work.device != "cuda":
        raise Missing("TF32 is of cards")
    return jax_vmap(x, y, work, "tensorfloat32")


def jax_vmap(x, y, work, precision="highest"):
    """All configurations by jax.vmap; an epoch is one compiled call, its steps a scan."""
    import jax
    import jax.numpy as jnp

    try:
        device = jax.devices("gpu" if work.device == "cuda" else "cpu")[0]
    except RuntimeError as error:
        raise Missing(f"JAX: {error}")
    jax.config.update("jax_default_matmul_precision", precision)  # "highest": FP32 also where TF32 is the default
    n, width, rows = len(work.rates), x.shape[1], len(y)
    whole = rows // work.batch * work.batch
    with jax.default_device(device):
        inputs, labels, rates = jnp.asarray(x), jnp.asarray(y), jnp.asarray(work.rates, jnp.float32)

        def forward(w, batch):
            return jax.nn.relu(batch @ w[0] + w[1]) @ w[2] + w[3]

        def loss(w, batch, truth):
            chosen = jax.nn.log_softmax(forward(w, batch))
            return -jnp.take_along_axis(chosen, truth[:, None], 1).mean()

        def update(state, batch, rate):
            weights, first, second, step = state
            g = jax.grad(loss)(weights, inputs[batch], labels[batch])
            step = step + 1
            scale = rate * jnp.sqrt(1 - BETA2**step) / (1 - BETA1**step)
            epsilon = EPSILON * jnp.sqrt(1 - BETA2**step)
            first = jax.tree_util.tree_map(lambda m, d: BETA1 * m + (1 - BETA1) * d, first, g)
            second = jax.tree_util.tree_map(lambda v, d: BETA2 * v + (1 - BETA2) * d * d, second, g)
            weights = jax.tree_util.tree_map(
                lambda w, m, v: w - scale * m / (jnp.sqrt(v) + epsilon), weights, first, second
            )
            return weights, first, second, step

        def one(state, key, rate):
            order = jax.random.permutation(key, rows)
            batches = order[:whole].reshape(-1, work.batch)
            state, _ = jax.lax.scan(lambda s, b: (update(s, b, rate), None), state, batches)
            return state if whole == rows else update(state, order[whole:], rate)

        epoch = jax.jit(jax.vmap(one), donate_argnums=0)
        key = jax.random.PRNGKey(1)
        weights = []
        for shape in ((width, work.hidden), (work.hidden,), (work.hidden, 10), (10,)):
            key, own = jax.random.split(key)
            limit = (6 / sum(shape)) ** 0.5 if len(shape) == 2 else 0.0
            weights.append(jax.random.uniform(own, (n, *shape), minval=-1, maxval=1) * limit)
        weights = tuple(weights)
        zeros = lambda: jax.tree_util.tree_map(jnp.zeros_like, weights)
        state = (weights, zeros(), zeros(), jnp.zeros(n))
        compiled = COMPILED.setdefault((work.hidden, work.batch, n, rows, work.device, precision), epoch)
        for _ in range(work.epochs):
            key, own = jax.random.split(key)
            state = compiled(state, jax.random.split(own, n), rates)
        jax.block_until_ready(state)
    predict = lambda v: jax.device_get(jax.vmap(forward, (0, None))(state[0], jnp.asarray(v)).argmax(2))
    return jax.__version__, predict


# The compiled epochs of JAX by their shapes: compiling is no part of training.
COMPILED = {}

TOOLS = {
    "scikit-learn": scikit_learn,
    "pytorch-eager": torch_eager,
    "pytorch-vmap": torch_vmap,
    "jax-vmap": jax_vmap,
    "jax-vmap-tf32": jax_vmap_tf32,
}
TOGETHER = ("pytorch-vmap", "jax-vmap", "jax-vmap-tf32")


def measure(name, data, works, repeats):
    x, y, unseen, truth = data
    alone = name not in TOGETHER
    if alone:  # one configuration of each shape stands for all
        works = [dataclasses.replace(w, rates=w.rates[len(w.rates) // 2 :][:1]) for w in works]
    device = works[0].device
    clock = time.process_time if device == "cpu" else time.perf_counter
    for work in works:
        TOOLS[name](x, y, dataclasses.replace(work, epochs=1))  # imports, compiling
    samples = sum(work.epochs * len(y) * len(work.rates) for work in works)
    times, right = [], []
    for _ in range(repeats):
        start = clock()
        trained = [TOOLS[name](x, y, work) for work in works]
        times.append(1e6 * (clock() - start) / samples)
    for version, predict in trained:
        right += [(p == truth).mean() for p in predict(unseen)]
    times.sort()
    return {
        "benchmark": "peers.train",
        "parameters": {
            "tool": name,
            "version": version,
            "device": device,
            "precision": "TF32" if name.endswith("tf32") else "FP32",
            "hidden": ",".join(str(work.hidden) for work in works),
            "batch": str(works[0].batch),
            "configurations": str(sum(len(work.rates) for work in works)),
            "rows": str(len(y)),
            "epochs": str(works[0].epochs),
            "accuracy": f"{statistics.fmean(right):.4f}",
            "best accuracy": f"{max(right):.4f}",
        },
        "score": statistics.fmean(times),
        "error": None,
        "unit": "us/op",
        "p50": statistics.median(times),
        "p99": times[-1],
        "bytesPerOperation": None,
        "peer": None,
    }


def card():
    """The name of the first card, as PyTorch or else JAX has it; None where neither sees one."""
    try:
        import torch

        if torch.cuda.is_available():
            return torch.cuda.get_device_name()
    except ImportError:
        pass
    try:
        import jax

        return jax.devices("gpu")[0].device_kind
    except (ImportError, RuntimeError):
        return None


def learning_rates(arguments):
    """From 0.001 to 0.01, the logarithms evenly spaced, as `assay bench training device` takes them."""
    n = arguments.configurations
    if not arguments.data:
        return (0.005,) * n
    return tuple(0.001 * 10 ** (i / max(n - 1, 1)) for i in range(n))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--configurations", type=int, default=16, help="of each width, at once")
    parser.add_argument("--hidden", type=int, default=100)
    parser.add_argument("--widths", help="comma-separated, instead of --hidden")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--data", help="what assay bench training device --rows FILE wrote")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
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
        data = from_file(arguments.data) if arguments.data else digits()
    except ImportError as missing:
        sys.exit(f"scikit-learn and numpy are needed for the data: {missing}")
    except OSError as error:
        sys.exit(f"the data cannot be read: {error}")
    widths = [int(w) for w in arguments.widths.split(",")] if arguments.widths else [arguments.hidden]
    works = [
        Work(w, arguments.batch, arguments.epochs, learning_rates(arguments), arguments.device)
        for w in widths
    ]
    device = None
    if arguments.device == "cuda":
        device = card()
    measurements, missing = [], {}
    for name in tools:
        try:
            result = measure(name, data, works, arguments.repeats)
        except (ImportError, Missing) as error:
            missing[name] = f"not installed: {error}" if isinstance(error, ImportError) else f"left out: {error}"
            print(f"{name} left out: {error}", file=sys.stderr)
            continue
        except Exception as error:  # whatever it is, the others go on
            missing[name] = f"crashed: {type(error).__name__}: {error}".splitlines()[0]
            print(f"{name} {missing[name]}", file=sys.stderr)
            continue
        print(
            f"{name}: {result['p50']:.3g} us a row, accuracy {result['parameters']['accuracy']}",
            file=sys.stderr,
        )
        measurements.append(result)
        if arguments.out:  # whoever is cut off has measured something
            peer_results.write(measurements, arguments.out, missing, device=device)
    if not measurements:
        print("nothing was measured: " + "; ".join(f"{k}: {v}" for k, v in missing.items()), file=sys.stderr)
        sys.exit(3)
    peer_results.write(measurements, arguments.out, missing, device=device)


if __name__ == "__main__":
    main()
