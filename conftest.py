"""Settings that every test shares, notebooks included (a conftest below tests/ would not reach them)."""

import os

from hypothesis import HealthCheck, settings

os.environ.setdefault("PYTHONHASHSEED", "0")
# Same cases on every run: CI finds what a person finds. `HYPOTHESIS_PROFILE=explore` looks further.
settings.register_profile("course", derandomize=True, deadline=None, database=None,
                          suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "course"))
collect_ignore_glob = ["build/*", ".venv/*", "workspace/*"]
