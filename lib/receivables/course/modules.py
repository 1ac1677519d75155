"""The modules and cases of the course, from data/modules.yaml and data/cases.yaml, and which of them are built."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated

from pydantic import Field, StringConstraints

from receivables import paths
from receivables.content import Content, load
from receivables.exercise.spec import RequirementId, Text


class Module(Content):
    """One module or case: its number, name of its file or folder, title, and what one can do after it."""

    number: Annotated[str, StringConstraints(pattern=r"^\d\d$")]
    name: Annotated[str, StringConstraints(pattern=r"^(case_)?\d\d_[a-z_]+$")]
    title: Text
    can: Text
    teaches: Annotated[list[RequirementId], Field(min_length=1)]

    @property
    def notebook(self) -> str:
        """Path of its notebook below the course's root."""
        return f"casework/{self.name}/case.ipynb" if self.name.startswith("case_") else f"notebooks/{self.name}.ipynb"

    @property
    def built(self) -> bool:
        """Whether its notebook is there."""
        return (paths.course_root() / self.notebook).is_file()


@lru_cache(maxsize=1)
def modules() -> tuple[Module, ...]:
    """All modules by number.

    >>> [module.title for module in modules()][:2]
    ['开课', '账期与利润']
    """
    return tuple(load(paths.data("modules.yaml"), list[Module]))


@lru_cache(maxsize=1)
def cases() -> tuple[Module, ...]:
    """All cases by number.

    >>> cases()[0].notebook
    'casework/case_01_cash_strapped/case.ipynb'
    """
    return tuple(load(paths.data("cases.yaml"), list[Module]))


def following() -> dict[str, str]:
    """The notebook of each built module -> the notebook of the built module after it."""
    built = [module.notebook for module in modules() if module.built]
    return dict(zip(built, built[1:], strict=False))


def pages() -> dict[str, dict[str, str]]:
    """For each built module: its title, and the built module that follows it."""
    built = [module for module in modules() if module.built]
    found = {module.name: {"title": f"{module.number} {module.title}"} for module in built}
    for module, following in zip(built, built[1:], strict=False):
        found[module.name] |= {"next": following.name, "next_title": following.title}
    return found
