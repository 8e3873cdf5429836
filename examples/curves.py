"""A small PyTorch network on two spirals, which goes on from its checkpoint: run by curves.yaml."""

import pathlib

import assay
import torch

p = assay.params(learning_rate=0.01, width=32, weight_decay=1e-5)
saved = pathlib.Path(assay.checkpoint()) / "state.pt"

torch.manual_seed(1)
turns = torch.linspace(0.5, 3.5, 200) * torch.pi
arm = torch.stack([turns.cos() * turns, turns.sin() * turns], 1) / 11
x = torch.cat([arm, -arm]) + 0.02 * torch.randn(400, 2)
y = torch.cat([torch.zeros(200), torch.ones(200)])
order = torch.randperm(400)
train, held = order[:300], order[300:]

width = int(p["width"])
model = torch.nn.Sequential(
    torch.nn.Linear(2, width), torch.nn.Tanh(), torch.nn.Linear(width, width), torch.nn.Tanh(), torch.nn.Linear(width, 1)
)
optimizer = torch.optim.AdamW(model.parameters(), lr=p["learning_rate"], weight_decay=p["weight_decay"])
if saved.exists():
    state = torch.load(saved, weights_only=True)
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])

loss = torch.nn.BCEWithLogitsLoss()
for step in assay.steps(50):
    for rows in train.split(50):
        optimizer.zero_grad()
        loss(model(x[rows]).squeeze(1), y[rows]).backward()
        optimizer.step()
    with torch.no_grad():
        assay.report(step, loss=loss(model(x[held]).squeeze(1), y[held]).item())
torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict()}, saved)
