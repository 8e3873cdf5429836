import assay
import torch

x = torch.linspace(-1, 1, 200).unsqueeze(1)
y = torch.sin(3 * x)


def objective(trial):
    torch.manual_seed(trial.seed % 2**32)
    model = torch.nn.Sequential(torch.nn.Linear(1, trial["hidden"]), torch.nn.Tanh(), torch.nn.Linear(trial["hidden"], 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=trial["rate"])
    for epoch in range(1, 28):
        loss = torch.nn.functional.mse_loss(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if trial.report(epoch, loss.item()):
            raise assay.Pruned
    return loss.item()


space = {"rate": assay.Float(1e-4, 1, log=True), "hidden": assay.Int(4, 64, log=True)}
study = assay.Study(space=space, minimize="loss", pruner={"hyperband": {"min": 1, "max": 27}}, seed=7)
study.optimize(objective, trials=20)
print(study.best.params, study.best.value, study.counts())
