"""A kernel manager that keeps the start page preheated.

Voilà pools preheated kernels only in its own application; as an extension of a Jupyter server it
does not. This class gives its pool what it expects to find on its parent application.
"""

from __future__ import annotations

from pathlib import Path

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from voila.configuration import VoilaConfiguration
from voila.paths import collect_template_paths
from voila.voila_kernel_manager import voila_kernel_manager_factory

_Pooling = voila_kernel_manager_factory(AsyncMappingKernelManager, True, 0)


class WarmKernelManager(_Pooling):
    """Pools the one notebook that ``kernel_pools_config`` names besides ``default``."""

    def __init__(self, **kwargs):
        app = kwargs["parent"]
        pools = app.config.WarmKernelManager.get("kernel_pools_config", {})
        notebook = next((name for name in pools if name != "default"), None)
        app.voila_configuration = VoilaConfiguration(parent=app)
        app.template_paths = collect_template_paths(["voila", "nbconvert"], app.voila_configuration.template)
        app.server_url = app.base_url
        # A set path keeps Voilà from walking the whole tree for notebooks to preheat.
        app.notebook_path = str(Path(app.root_dir) / notebook) if notebook else None
        super().__init__(**kwargs)

    def _notebook_renderer_factory(self, notebook_path=None):
        # Called on the first turn of the event loop: by then the web application exists.
        self.parent.app = self.parent.web_app
        return super()._notebook_renderer_factory(notebook_path)
