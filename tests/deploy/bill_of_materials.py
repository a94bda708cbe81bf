"""The bill of materials conforms to the schema of CycloneDX."""

import subprocess
import unittest

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from recipe import EXECUTABLE


class BillOfMaterials(unittest.TestCase):
    def test_it_fits_the_schema(self):
        bill = subprocess.run([EXECUTABLE, "sbom"], text=True, capture_output=True, check=True).stdout
        validator = JsonStrictValidator(SchemaVersion.V1_6)
        self.assertIsNone(validator.validate_str(bill))
        self.assertIsNotNone(validator.validate_str(bill.replace('"CycloneDX"', '"cyclonedx"', 1)))


if __name__ == "__main__":
    unittest.main()
