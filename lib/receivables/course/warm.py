"""A kernel manager that keeps the start page preheated, and the page that follows the one being read.

Voilà pools preheated kernels only in its own application; as an extension of a Jupyter server it
does not. This class gives its pool what it expects to find on its parent application.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from traitlets import Dict, Float, Unicode
from voila.configuration import VoilaConfiguration
from voila.paths import collect_template_paths
from voila.voila_kernel_manager import voila_kernel_manager_factory

_Pooling = voila_kernel_manager_factory(AsyncMappingKernelManager, True, 0)


class WarmKernelManager(_Pooling):
    """One kernel stands ready for ``start``, and one for what ``following`` names after the page opened last."""

    start = Unicode("", help="The notebook that is always preheated; nothing is when empty.").tag(config=True)
    following = Dict({}, help="Notebook -> the notebook to preheat once it is open.").tag(config=True)
    pause = Float(8, help="Seconds before that: the page just opened comes first.").tag(config=True)

    def __init__(self, **kwargs):
        self._begins: dict[str, float] = {}  # when the kernel of a page that was asked for begins, by the loop's clock
        app = kwargs["parent"]
        start = app.config.WarmKernelManager.get("start", "")
        app.voila_configuration = VoilaConfiguration(parent=app)
        app.template_paths = collect_template_paths(["voila", "nbconvert"], app.voila_configuration.template)
        app.server_url = app.base_url
        # A set path keeps Voilà from walking the whole tree for notebooks to preheat.
        app.notebook_path = str(Path(app.root_dir) / start) if start else None
        app.config.WarmKernelManager.kernel_pools_config = _pools(start)  # asked for while it is being made
        super().__init__(**kwargs)

    def get_pool_size(self, notebook_name: str) -> int:
        """Kernels that stand ready for a page. Voilà asks once each time a page is opened: time to think of the next."""
        now = asyncio.get_event_loop().time()
        if now < self._begins.pop(notebook_name, now):
            self._empty(notebook_name)  # its kernel is not even begun: a new one is sooner there
        following = self.following.get(notebook_name)
        if following and self.start:
            for left in set(self._pools) - {self.start, following, notebook_name}:
                self._empty(left)
            self.kernel_pools_config = _pools(self.start, following)
            if not super().get_pool_size(following):
                self._begins[following] = now + self.pause
                self.fill_if_needed(delay=self.pause, notebook_name=following)
        return super().get_pool_size(notebook_name)

    def _empty(self, notebook: str) -> None:
        """Give up what stands ready for a page, or is being made ready."""
        for task in self._pools.pop(notebook, []):
            if task.done() and not task.cancelled() and task.exception() is None:
                asyncio.ensure_future(self.shutdown_kernel(task.result()["kernel_id"]))
            else:
                task.cancel()

    def _notebook_renderer_factory(self, notebook_path=None):
        # Called on the first turn of the event loop: by then the web application exists.
        self.parent.app = self.parent.web_app
        return super()._notebook_renderer_factory(notebook_path)


def _pools(*notebooks: str) -> dict[str, dict[str, int]]:
    """One kernel each for these notebooks, none for any other."""
    return {"default": {"pool_size": 0}, **{name: {"pool_size": 1} for name in notebooks if name}}
