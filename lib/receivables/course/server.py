"""One Jupyter server on this machine with two faces: Voilà for learners, JupyterLab for trainers.

It binds to 127.0.0.1, asks for a token, reads no settings of the user's other Jupyter
installations, and asks no foreign host for anything.
"""

from __future__ import annotations

import json
import os
import warnings
import webbrowser
from pathlib import Path

from receivables import paths
from receivables.course.modules import following, pages
from receivables.exercise.words import words

START = "notebooks/00_start.ipynb"
FACES = {"course": f"/voila/render/{START}", "lab": f"/lab/tree/{START}"}
DEFAULT_PORT = 8888
_SHARE = Path(__file__).parent / "share" / "jupyter"

_LAB_SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True,
    },
    "@jupyterlab/translation-extension:plugin": {"locale": "zh_CN"},
    # The notebooks are the course: a class runs them, it does not rewrite them by running. Ctrl+S still saves.
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
    # Lab's plug-in market asks a package registry; a course needs none.
    "@jupyterlab/extensionmanager-extension:plugin": {"enabled": False},
}


def environment() -> dict[str, str]:
    """Environment variables that keep the course's Jupyter apart from any other on this machine.

    Writes Lab's settings below the learner's folder as a side effect: Lab reads them from there.
    """
    own = paths.home() / "jupyter"
    settings = own / "config" / "labconfig"
    settings.mkdir(parents=True, exist_ok=True)
    (settings / "default_setting_overrides.json").write_text(json.dumps(_LAB_SETTINGS), encoding="utf-8")
    quiet_kernels(own / "ipython")
    inherited = os.environ.get("JUPYTER_PATH")
    return {
        "JUPYTER_CONFIG_DIR": str(own / "config"),
        "JUPYTER_DATA_DIR": str(own / "data"),
        "JUPYTER_RUNTIME_DIR": str(own / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(own / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(own / "workspaces"),
        "JUPYTER_PATH": os.pathsep.join(filter(None, [str(_SHARE), inherited])),
        "IPYTHONDIR": str(own / "ipython"),
        "RECEIVABLES_HOME": str(paths.home()),
    }


def quiet_kernels(folder: Path) -> None:
    """Tell kernels whose IPYTHONDIR is ``folder`` to speak up for errors only.

    At every start they warn that loopback traffic is not encrypted, which is nothing a class can act on.
    """
    profile = folder / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "ipython_kernel_config.py").write_text("c.IPKernelApp.log_level = 'ERROR'\n", encoding="utf-8")


def configuration(port: int, face: str, *, open_browser: bool, preheat: bool = True):
    """The server's traitlets configuration."""
    from traitlets.config import Config

    c = Config()
    c.ServerApp.ip = "127.0.0.1"
    c.ServerApp.port = port
    c.ServerApp.port_retries = 50
    c.ServerApp.open_browser = open_browser
    c.ServerApp.default_url = FACES[face]
    c.ServerApp.root_dir = str(paths.course_root())
    c.ServerApp.allow_root = True  # a container's only user is often root; the server still binds to 127.0.0.1
    c.ServerApp.log_level = "ERROR"
    c.ServerApp.jpserver_extensions = {"jupyterlab": True, "voila.server_extension": True}
    c.ServerApp.tornado_settings = {"mathjax_url": ""}  # Voilà would ask a foreign host even without formulas
    c.ServerApp.kernel_manager_class = "receivables.course.warm.WarmKernelManager"
    c.WarmKernelManager.start = START if preheat else ""
    c.WarmKernelManager.following = following()
    # Leaving a page does not stop its kernel (Voilà's request is refused): idle ones without a page are culled.
    c.WarmKernelManager.cull_idle_timeout = 600
    c.WarmKernelManager.cull_interval = 60
    c.LabApp.expose_app_in_browser = True  # as window.jupyterapp: for tests, and for a trainer's own scripts
    c.LabApp.log_level = "ERROR"
    c.LabApp.news_url = None
    c.LabApp.extension_manager = "readonly"
    c.VoilaConfiguration.template = "receivables"
    c.VoilaConfiguration.allow_template_override = "NO"
    c.VoilaConfiguration.extension_allowlist = [
        "@voila-dashboards/widgets-manager8", "anywidget",
        "@jupyter-widgets/jupyterlab-manager",  # registers the stock widgets: without it cards show, sliders do not
    ]
    c.VoilaConfiguration.file_allowlist = [r"$^"]  # Voilà hands out pages, no files
    c.VoilaConfiguration.resources = {"course": {"pages": pages(), "words": words()["page"]}}
    c.VoilaExporter.language_code = "zh"
    # The trainer's notes stand in the same notebooks; a learner's page leaves them out.
    c.TagRemovePreprocessor.enabled = True
    c.TagRemovePreprocessor.remove_cell_tags = {"trainer"}
    return c


def serve(face: str = "course", *, port: int = DEFAULT_PORT, open_browser: bool = True, preheat: bool = True) -> None:
    """Open one face of the course and serve until interrupted.

    When the course is already being served for this learner's folder, that server is opened
    instead of starting a second one.
    """
    os.environ.update(environment())
    with warnings.catch_warnings():
        # The libraries' deprecations are meant for their developers; a filter alone is undone by their imports.
        warnings.showwarning = lambda *_, **__: None
        _serve(face, port, open_browser, preheat)


def _serve(face: str, port: int, open_browser: bool, preheat: bool) -> None:
    from jupyter_server.serverapp import ServerApp, list_running_servers

    root = str(paths.course_root())
    running = next((s for s in list_running_servers(os.environ["JUPYTER_RUNTIME_DIR"]) if s["root_dir"] == root), None)
    if running is not None and open_browser:
        address = f"{running['url'].rstrip('/')}{FACES[face]}?token={running['token']}"
        print(f"课程已经开着：{address}")
        webbrowser.open(address)
        return
    app = ServerApp.instance(config=configuration(port, face, open_browser=open_browser, preheat=preheat))
    app.initialize(argv=[])
    # The server announces its address in English and at length; the lines below say it once, in Chinese.
    app.log.addFilter(lambda record: "To access the server" not in record.getMessage())
    print(f"\n  {words()['page']['course']}\n  浏览器没有自己打开的话，复制这个地址：\n"
          f"  http://127.0.0.1:{app.port}{FACES[face]}?token={app.identity_provider.token}\n"
          "  关课：回到这个窗口按 Ctrl+C。\n", flush=True)
    app.start()
