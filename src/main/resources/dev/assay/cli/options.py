"""Prints, as JSON, the options that a program declares for argparse or click; runs nothing of it."""
import ast
import json
import sys


def literal(node):
    try:
        value = ast.literal_eval(node)
    except Exception:  # a name, a call: known only when it runs
        return None
    return list(value) if isinstance(value, (tuple, set)) else value


def described(call, name):
    words = {k.arg: k.value for k in call.keywords if k.arg}
    flags = [literal(a) for a in call.args]
    flags = [f.split("/")[0] for f in flags if isinstance(f, str)]
    longs = [f for f in flags if f.startswith("--")]
    if not longs:
        return None
    found = {"flag": longs[0], "default": literal(words["default"]) if "default" in words else None}
    kind = words.get("type")
    if isinstance(kind, ast.Name):
        found["type"] = kind.id
    elif isinstance(kind, ast.Attribute):
        found["type"] = kind.attr
    elif isinstance(kind, ast.Call):
        called = ast.unparse(kind.func).split(".")[-1]
        found["type"] = called
        if called == "Choice" and kind.args:
            found["choices"] = literal(kind.args[0])
        if called in ("IntRange", "FloatRange"):
            bounds = dict(zip(("min", "max"), kind.args))
            bounds.update({k.arg: k.value for k in kind.keywords})
            found["low"] = literal(bounds["min"]) if "min" in bounds else None
            found["high"] = literal(bounds["max"]) if "max" in bounds else None
    if "choices" in words:
        choices = words["choices"]
        if isinstance(choices, ast.Call) and ast.unparse(choices.func) == "range":
            found["choices"] = list(range(*[literal(a) for a in choices.args]))[:1000]
        else:
            found["choices"] = literal(choices)
    action = literal(words["action"]) if "action" in words else None
    found["switch"] = (action or "") not in ("", "store") or bool(
        literal(words["is_flag"]) if "is_flag" in words else False)
    found["many"] = "nargs" in words
    found["required"] = bool(literal(words["required"])) if "required" in words else False
    found["help"] = str(literal(words["help"]) or "") if "help" in words else ""
    return found


with open(sys.argv[1], "rb") as file:
    tree = ast.parse(file.read())
options = []
calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call)]
for one in sorted(calls, key=lambda n: (n.lineno, n.col_offset)):
    called_as = getattr(one.func, "attr", getattr(one.func, "id", ""))
    if called_as in ("add_argument", "option"):
        option = described(one, called_as)
        if option is not None:
            options.append(option)
print(json.dumps(options, default=str))
