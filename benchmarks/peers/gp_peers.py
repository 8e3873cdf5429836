"""The Gaussian-process measurements of `assay bench gp`, by BoTorch, GPyTorch and PyTorch, on the same data.

    python3 gp_peers.py [--quick] [--device cuda|cpu] [--seconds S] [--only WORK,...] [--out FILE]

The works are ceilings (what the card reaches in copies, FP64 products and FP64 multiply-adds), botorch, gpytorch and torch.
Every measurement is warmed up and ends with a synchronisation of the device; it is repeated ten times, or less often
(three times at least) where that would take more than S seconds. Writes JSON in the format of `assay bench` results,
anew after each measurement. What is not installed, or crashes, is named under "missing" in the provenance and left
out; where nothing is installed the exit code is 3. Times are in milliseconds.
"""

import argparse
import math
import statistics
import sys
import time

import peer_results

D = 20
PRIMES = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71]


def points(torch, first, count):
    """Point i: the fractional parts of (i + 1) sqrt(prime), as in GpBenchmark."""
    index = torch.arange(first + 1, first + count + 1, dtype=torch.float64).unsqueeze(1)
    product = index * torch.tensor([math.sqrt(p) for p in PRIMES], dtype=torch.float64)
    return product - product.floor()


def outputs(torch, x):
    j = torch.arange(D, dtype=torch.float64)
    y = (torch.sin(3 * x + j) / (1 + j)).sum(dim=1)
    return ((y - y.mean()) / y.std(unbiased=False)).unsqueeze(1)


class Clock:
    """Times a call: warmed up, then some runs, the device synchronised before and after each."""

    def __init__(self, torch, device, runs, seconds, save):
        self.torch, self.device, self.runs, self.seconds, self.save = torch, device, runs, seconds, save
        self.measurements = []

    def synchronise(self):
        if self.device.type == "cuda":
            self.torch.cuda.synchronize()

    def once(self, call):
        self.synchronise()
        start = time.perf_counter()
        call()
        self.synchronise()
        return time.perf_counter() - start

    def time(self, name, parameters, call):
        warm = self.once(call)
        if warm < self.seconds / 4:
            self.once(call)
        times, begun = [], time.perf_counter()
        while len(times) < self.runs and (len(times) < 3 or time.perf_counter() - begun < self.seconds):
            times.append(1e3 * self.once(call))
        times.sort()
        self.measurements.append({
            "benchmark": name,
            "parameters": {**{k: str(v) for k, v in parameters.items()}, "runs": str(len(times))},
            "score": statistics.fmean(times),
            "error": None,
            "unit": "ms/op",
            "p50": times[(len(times) - 1) // 2],
            "p99": times[(len(times) - 1) * 99 // 100],
            "bytesPerOperation": None,
            "peer": None,
        })
        print(f"{name} {parameters}: {statistics.fmean(times):.3f} ms", file=sys.stderr)
        self.save(self.measurements)


def ceilings(torch, clock, device, quick):
    """What the card reaches where nothing stands in the way: the measure of every other time."""
    n = 512 if quick else 8192
    a = torch.rand(n, n, dtype=torch.float64, device=device)
    b, c = torch.rand_like(a), torch.empty_like(a)
    clock.time("ceiling.copy", {"bytes": 16 * n * n}, lambda: c.copy_(a))
    clock.time("ceiling.product", {"flops": 2 * n**3, "precision": "FP64"}, lambda: torch.mm(a, b, out=c))
    try:
        import cupy
    except ImportError as e:
        print(f"cupy is not installed, FP64 multiply-adds are left out: {e}", file=sys.stderr)
        return
    if device.type != "cuda":
        return
    blocks, rounds = (64, 1000) if quick else (132 * 16, 20_000)
    kernel = cupy.RawKernel(
        r"""extern "C" __global__ void multiply_adds(double* out, int rounds, double x) {
              double a = threadIdx.x, b = a + 1, c = a + 2, d = a + 3;
              for (int i = 0; i < rounds; i++) { a = fma(a, x, 1.0); b = fma(b, x, 1.0); c = fma(c, x, 1.0); d = fma(d, x, 1.0); }
              if (a + b + c + d == 0.5) out[0] = a;
            }""",
        "multiply_adds",
    )
    out = cupy.zeros(1)

    def run():
        kernel((blocks,), (256,), (out, rounds, 0.999))
        cupy.cuda.runtime.deviceSynchronize()

    clock.time("ceiling.multiplyAdds", {"flops": 8 * rounds * 256 * blocks, "precision": "FP64"}, run)


def plain_torch(torch, clock, device, quick):
    """Cholesky factorisations, and covariance matrices by cdist and the Matern-5/2 formula.

    torch calculates the full covariance matrix; Assay calculates its lower triangle, which is all that is needed."""
    for n, matrices in [(64, 1), (48, 4)] if quick else [(1000, 1), (4000, 1), (10000, 1), (512, 64)]:
        x = points(torch, 0, n).to(device).expand(matrices, n, D).contiguous()

        def covariance():
            t = math.sqrt(5) * torch.cdist(x, x)
            return (1 + t + t * t / 3) * torch.exp(-t)

        k = covariance() + 1e-2 * torch.eye(n, dtype=torch.float64, device=device)
        parameters = {"n": n, "matrices": matrices, "precision": "FP64"}
        clock.time("torch.covariance", {**parameters, "part": "full matrix"}, covariance)
        clock.time("torch.linalg.cholesky", parameters, lambda: torch.linalg.cholesky(k))


def gpytorch_posterior(torch, gpytorch, clock, device, quick):
    """Mean, variance and log expected improvement at many candidates, in chunks, FP64."""
    class Model(gpytorch.models.ExactGP):
        def __init__(self, x, y, likelihood):
            super().__init__(x, y, likelihood)
            self.mean_module = gpytorch.means.ConstantMean()
            self.covar_module = gpytorch.kernels.ScaleKernel(gpytorch.kernels.MaternKernel(2.5, ard_num_dims=D))

        def forward(self, x):
            return gpytorch.distributions.MultivariateNormal(self.mean_module(x), self.covar_module(x))

    n, count, chunk = (200, 2000, 1000) if quick else (1000, 1_000_000, 10_000)
    x = points(torch, 0, n).to(device)
    y = outputs(torch, x.cpu()).squeeze(1).to(device)
    likelihood = gpytorch.likelihoods.GaussianLikelihood().double().to(device)
    model = Model(x, y, likelihood).double().to(device)
    likelihood.noise = 1e-2
    model.eval()
    likelihood.eval()
    candidates = points(torch, n, count).to(device)
    incumbent = y.min()

    def screen():
        values = []
        with torch.no_grad(), gpytorch.settings.fast_computations(False, False, False):
            for part in candidates.split(chunk):
                # One by one, so that only variances are computed, not the covariance of a chunk.
                posterior = model(part.unsqueeze(1))
                mean, sd = posterior.mean.squeeze(1), posterior.variance.squeeze(1).clamp_min(1e-16).sqrt()
                u = (incumbent - mean) / sd
                phi = torch.exp(-u * u / 2) / math.sqrt(2 * math.pi)
                values.append(torch.log(sd * (phi + u * torch.special.ndtr(u)).clamp_min(1e-300)))
        return torch.cat(values)

    work = {"n": n, "candidates": count, "precision": "FP64"}
    clock.time("gpytorch.manyCandidates", work, screen)
    clock.time("gpytorch.bestOfManyCandidates", work, lambda: screen().argmax())


def botorch_suggest(torch, botorch, clock, device, quick):
    """A refit with what it suggests, and a suggestion from many starts without one.

    fullRefitAndSuggest: 20 iterations on all observations. refitAndSuggest: what Assay does in its own searches, 4 from 500
    observations on, and of more than 2,048 these many for the hyperparameters. torch takes one evaluation an iteration, and
    now and then more.
    """
    from botorch.acquisition import LogExpectedImprovement
    from botorch.fit import fit_gpytorch_mll
    from botorch.models import SingleTaskGP
    from botorch.optim import optimize_acqf
    from gpytorch.mlls import ExactMarginalLogLikelihood

    bounds = torch.tensor([[0.0] * D, [1.0] * D], dtype=torch.float64, device=device)
    for n in [200] if quick else [100, 1000, 10000]:
        x = points(torch, 0, n).to(device)
        y = -outputs(torch, x.cpu()).to(device)  # BoTorch maximises
        state = {}

        def fit(most, rows):
            model = SingleTaskGP(x[:rows], y[:rows])
            if state:
                model.load_state_dict(state)
            fit_gpytorch_mll(
                ExactMarginalLogLikelihood(model.likelihood, model),
                optimizer_kwargs={"options": {"maxiter": most}})
            if rows == n:
                return model
            whole = SingleTaskGP(x, y)
            whole.load_state_dict(model.state_dict())
            return whole.eval()

        model = fit(100 if n <= 1000 else 20, min(n, 2048))
        state.update({k: v.detach().clone() for k, v in model.state_dict().items()})
        own = 20 if n < 500 else 4

        def suggest(fitted, raw, starts):
            return optimize_acqf(
                LogExpectedImprovement(fitted, best_f=y.max()),
                bounds=bounds, q=1, num_restarts=starts, raw_samples=raw)

        clock.time("botorch.refitAndSuggest", {"n": n}, lambda: suggest(fit(own, min(n, 2048)), 512, 4))
        clock.time("botorch.fullRefitAndSuggest", {"n": n}, lambda: suggest(fit(20, n), 512, 4))
        if n <= 1000:
            starts = 8 if quick else 1000
            clock.time(
                "botorch.suggestFromManyStarts", {"n": n, "starts": starts}, lambda: suggest(model, 2 * starts, starts))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that it runs")
    parser.add_argument("--device", default=None, help="cuda or cpu; the default is cuda where there is one")
    parser.add_argument("--seconds", type=float, default=10, help="after which nothing is repeated; %(default)s")
    parser.add_argument("--only", default="ceilings,botorch,gpytorch,torch", help="comma-separated; %(default)s")
    parser.add_argument("--out", help="a file; else standard output")
    arguments = parser.parse_args()
    chosen = arguments.only.split(",")
    unknown = set(chosen) - {"ceilings", "botorch", "gpytorch", "torch"}
    if unknown:
        parser.error(f"there is no work {', '.join(sorted(unknown))}")
    missing, versions, modules = {}, {}, {}
    for name in ["torch", "gpytorch", "botorch"]:
        try:
            modules[name] = __import__(name)
            versions[name] = str(getattr(modules[name], "__version__", "unknown"))
        except ImportError as e:
            missing[name] = f"not installed: {e}"
            print(f"{name} is not installed: what it measures is left out", file=sys.stderr)
    if "torch" not in modules:
        print("nothing is measured: all of it needs PyTorch", file=sys.stderr)
        sys.exit(3)
    torch = modules["torch"]
    device = torch.device(arguments.device or ("cuda" if torch.cuda.is_available() else "cpu"))
    torch.set_num_threads(1)
    about = {
        "device": torch.cuda.get_device_name(device) if device.type == "cuda" else None,
        "versions": versions,
        "quick": arguments.quick,
        "threads": 1,
    }

    def save(measurements):
        if arguments.out:
            peer_results.write(measurements, arguments.out, missing, **about)

    clock = Clock(torch, device, 3 if arguments.quick else 10, arguments.seconds, save)
    works = {  # those that an answer is most wanted of come first
        "ceilings": lambda: ceilings(torch, clock, device, arguments.quick),
        "botorch": lambda: botorch_suggest(torch, modules["botorch"], clock, device, arguments.quick),
        "gpytorch": lambda: gpytorch_posterior(torch, modules["gpytorch"], clock, device, arguments.quick),
        "torch": lambda: plain_torch(torch, clock, device, arguments.quick),
    }
    for name, work in works.items():
        if name not in chosen or name != "ceilings" and name not in modules:
            continue
        try:
            work()
        except Exception as e:  # whatever it is, the others go on
            missing[name] = f"crashed: {type(e).__name__}: {e}".splitlines()[0]
            print(f"{name} {missing[name]}", file=sys.stderr)
    if not clock.measurements:
        print("nothing was measured", file=sys.stderr)
        sys.exit(1)
    peer_results.write(clock.measurements, arguments.out, missing, **about)


if __name__ == "__main__":
    main()
