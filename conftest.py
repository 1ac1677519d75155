"""Settings that every test shares, notebooks included (a conftest below tests/ would not reach them)."""

import os
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings

# No test reads or writes a learner's real answers.
os.environ["RECEIVABLES_HOME"] = tempfile.mkdtemp(prefix="receivables-test-")
os.environ.setdefault("PYTHONHASHSEED", "0")
# Same cases on every run: CI finds what a person finds. `HYPOTHESIS_PROFILE=explore` looks further.
settings.register_profile("course", derandomize=True, deadline=None, database=None,
                          suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "course"))

collect_ignore_glob = [".venv/*", "workspace/*", "*/source/*"]


def pytest_configure(config):
    """Two repairs for nbval, which has had no release since 2024-03; tests/notebooks holds the rest of the seam."""
    try:
        from nbval import kernel
    except ImportError:
        return

    # It runs cells without history, so that IPython ignores a trailing `;` and every plot line "differs".
    def execute_cell_input(self, cell_input, allow_stdin=None):
        return self.kc.execute(cell_input, store_history=True, allow_stdin=allow_stdin, stop_on_error=False)

    kernel.RunningKernel.execute_cell_input = execute_cell_input
    from receivables.course.server import quiet_kernels

    os.environ["IPYTHONDIR"] = str(Path(os.environ["RECEIVABLES_HOME"], "ipython"))
    quiet_kernels(Path(os.environ["IPYTHONDIR"]))
