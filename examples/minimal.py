import assay

p = assay.params(x=0.5, y=0.5)
error = 10.0
for step in range(1, 21):
    error = 0.7 * error + 0.3 * ((p["x"] - 0.3) ** 2 + (p["y"] + 0.1) ** 2)
    if assay.report(step, error=error):
        break
