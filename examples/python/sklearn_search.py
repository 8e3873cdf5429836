import assay
from assay.sklearn import AssaySearchCV
from sklearn.datasets import load_iris
from sklearn.svm import SVC

x, y = load_iris(return_X_y=True)
search = AssaySearchCV(SVC(), {"C": assay.Float(1e-2, 1e2, log=True), "gamma": assay.Float(1e-4, 1, log=True)}, n_iter=10, cv=3)
search.fit(x, y)
print(search.best_params_, search.best_score_)
