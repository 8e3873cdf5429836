import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]


class Packaging(unittest.TestCase):
    def test_the_wheel_holds_the_package_and_can_be_imported(self):
        with tempfile.TemporaryDirectory() as directory:
            name = subprocess.run(
                [sys.executable, str(HERE / "packaging_backend.py"), directory], check=True, capture_output=True, text=True
            ).stdout.strip()
            wheel = Path(directory, name)
            names = zipfile.ZipFile(wheel).namelist()
            self.assertEqual(
                {path for path in names if path.startswith("assay/")},
                {"assay/" + path.name for path in (HERE / "assay").glob("*.py")} | {"assay/py.typed"},
            )
            read = "import sys; sys.path.insert(0, sys.argv[1]); import assay; print(assay.__file__, assay.__version__)"
            told = subprocess.run(
                [sys.executable, "-I", "-c", read, str(wheel)], check=True, capture_output=True, text=True
            ).stdout.split()
            self.assertIn(name, told[0])
            self.assertIn(f"-{told[1]}-", name)


if __name__ == "__main__":
    unittest.main()
