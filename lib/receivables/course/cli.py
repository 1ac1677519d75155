"""The command line: ``receivables course | lab | test | doctor | forget ...``. Each command imports what it needs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
                  help="应收账款管理与催收：一门在 Jupyter 里动手的课。")

DateOrder = Literal["DMY", "MDY"]
Port = Annotated[int, typer.Option(help="从哪个端口开始找空位。")]
Quiet = Annotated[bool, typer.Option("--no-browser", help="不自动打开浏览器。")]


@app.command()
def course(
    port: Port = 8888,
    no_browser: Quiet = False,
    cold: Annotated[bool, typer.Option("--cold", help="不预热开课页：省内存，打开慢些。")] = False,
) -> None:
    """打开课程（学员的页面）。"""
    from receivables.course.server import serve

    serve("course", port=port, open_browser=not no_browser, preheat=not cold)


@app.command()
def lab(port: Port = 8888, no_browser: Quiet = False) -> None:
    """打开 JupyterLab（培训师的页面）。"""
    from receivables.course.server import serve

    serve("lab", port=port, open_browser=not no_browser)


@app.command()
def doctor() -> None:
    """检查这台电脑能不能上课。"""
    from receivables.course.doctor import main as examine

    raise typer.Exit(examine())


@app.command()
def test() -> None:
    """运行全部测试（在源码文件夹里）。"""
    from receivables import paths

    if not paths.is_checkout():
        typer.echo("测试在课程的源码文件夹里：先下载源码，再运行 make test。", err=True)
        raise typer.Exit(2)
    raise typer.Exit(subprocess.call([sys.executable, "-m", "receivables.course.testing"], cwd=paths.course_root()))


@app.command()
def forget(name: Annotated[str, typer.Argument(help="学员的名字；没有起过名字就是 me。")]) -> None:
    """清除一个学员的全部答案。"""
    from receivables.exercise.store import Store

    store = Store(name)
    typer.echo(f"清除了：{store.path}" if store.forget() else f"没有 {name} 的答案：{store.path}")


@app.command()
def report(
    file: Annotated[Path, typer.Argument(help="台账文件（CSV、XLSX、XLS），或一个台账文件夹。")],
    as_of: Annotated[str, typer.Option(help="截至哪一天，例如 2025-06-30。")],
    json: Annotated[Path | None, typer.Option(help="把数字另存成 JSON。")] = None,
    out: Annotated[Path | None, typer.Option(help="报告放到哪个文件夹。")] = None,
    date_order: Annotated[DateOrder | None, typer.Option(help="日和月谁在前分不清时：日在前 DMY，月在前 MDY。")] = None,
    sheet: Annotated[str | None, typer.Option(help="工作簿里有几张台账时：哪一张表。")] = None,
    column: Annotated[list[str] | None, typer.Option(help="认不出的列：列名=含义，例如 总额=amount；可以写几次。")] = None,
) -> None:
    """给一份台账出报告：余额、账龄、DSO、偏移、先看哪五笔。"""
    from receivables.course.report import report as make
    from receivables.course.report.words import say
    from receivables.ledger.headers import ROLES

    pairs = [tuple(given.rpartition("=")[::2]) for given in column or ()]
    for given, (name, role) in zip(column or (), pairs, strict=True):
        if not name or role not in ROLES:
            typer.echo(say("column_wrong", value=given, roles="、".join(ROLES)), err=True)
            raise typer.Exit(2)
    raise typer.Exit(make(file, as_of, json, out, mapping=dict(pairs) or None, date_order=date_order, sheet=sheet))


@app.command()
def law_check(
    on: Annotated[str, typer.Option(help="哪一天要用，例如 2026-11-21。")],
    out: Annotated[Path | None, typer.Option(help="把给律师看的一页存成 HTML。")] = None,
    json: Annotated[bool, typer.Option("--json", help="打印 JSON。")] = False,
) -> None:
    """法律参数到这一天还作不作数：哪些过了核对期，哪些没核实。有过期的，退出码是 1。"""
    from receivables.law.review import law_check as check

    try:
        review = check(on)
    except ValueError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    if out is not None:
        out.write_text(review.to_html(), encoding="utf-8")
        typer.echo(out)
    typer.echo(review.to_json() if json else review.text)
    raise typer.Exit(review.exit_status)


@app.command()
def formulas() -> None:
    """全部计算的索引：名称、公式、在哪个模块。"""
    from receivables.analysis.formulas import render

    typer.echo(render())


@app.command()
def pack(
    out: Annotated[Path, typer.Option(help="放到哪个文件夹；必须是空的，或者是上一次打的包。")] = Path("build/pack"),
    wheels: Annotated[bool, typer.Option("--wheels", help="带上程序包：对方的电脑断网也能装（同类系统）。")] = False,
) -> None:
    """打包：学员版、培训师版、讲义、议程。"""
    from receivables.course.pack import PackError
    from receivables.course.pack import pack as make

    try:
        for made in make(out, wheels=wheels):
            typer.echo(made)
    except PackError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


scripts = typer.Typer(no_args_is_help=True, help="话术册：收集学员写的话，改好，打印；从台账填出函件。")
app.add_typer(scripts, name="scripts")

Company = Annotated[str | None, typer.Option(help="谁的：公司全名；不写就是 data/company.yaml 里的公司。")]
NoNames = Annotated[bool, typer.Option("--no-names", help="不写学员的名字，只写几个人写的。")]


def _tell(make: Callable[[], list[str]]) -> None:
    """Print what was done; a fault is told line by line, with exit code 2."""
    try:
        for line in make():
            typer.echo(line)
    except (ValueError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


@scripts.command("collect")
def scripts_collect(
    files: Annotated[list[str], typer.Argument(help="学员的答案文件（.jsonl），可以写成 名字=文件。")],
    out: Annotated[Path, typer.Option(help="存成哪个 .xlsx，培训师在里面改。")],
    no_names: NoNames = False,
) -> None:
    """收集：把几个学员写的话并成一张可以改的表；碰红线的另列。"""
    from receivables.course.scripts import run

    _tell(lambda: run.collect(files, out, names=not no_names))


@scripts.command("book")
def scripts_book(
    edited: Annotated[Path, typer.Argument(help="改好的 .xlsx。")],
    out: Annotated[list[Path], typer.Option(help="印成什么：.docx 或 .html；可以写两次。")],
    date: Annotated[str, typer.Option(help="封面上的日期，例如 2025-06-30。")],
    company: Company = None,
    no_names: NoNames = False,
    with_templates: Annotated[bool, typer.Option("--with-templates", help="连空白模板一起印；不写只列名字。")] = False,
) -> None:
    """打印：从改好的表印出话术册；改过的话再查一遍红线。"""
    from receivables.course.scripts import run

    _tell(lambda: run.book(edited, out, on=date, company=company, names=not no_names,
                           with_templates=with_templates))


@scripts.command("letters")
def scripts_letters(
    ledger: Annotated[Path, typer.Argument(help="台账文件（CSV、XLSX、XLS），或一个台账文件夹。")],
    customer: Annotated[str, typer.Option(help="客户编码，或者台账里的全名。")],
    as_of: Annotated[str, typer.Option(help="截至哪一天，例如 2025-06-30。")],
    out: Annotated[Path, typer.Option(help="放到哪个文件夹。")],
    company: Company = None,
    account: Annotated[str | None, typer.Option(help="收款账户：户名、开户行、账号。")] = None,
    currency: Annotated[str | None, typer.Option(help="有几种币种时：哪一种，例如 CNY。")] = None,
    instalment: Annotated[list[str] | None, typer.Option(help="还款协议的一期：日期=金额；一期写一次。")] = None,
    guarantor: Annotated[str, typer.Option(help="还款协议的保证人。")] = "",
    guarantee_until: Annotated[str | None, typer.Option(help="保证期间到哪一天。")] = None,
) -> None:
    """填函件：一户的提醒函、催款函、最后通知、对账单、还款协议、电话记录、上门页、跟进页，Word 和网页各一份。"""
    from receivables.course.scripts import run

    _tell(lambda: run.letters(ledger, customer, as_of, out, company=company, account=account, currency=currency,
                              instalments=instalment or (), guarantor=guarantor, guarantee_until=guarantee_until))


def main() -> None:
    """Entry point of the console script."""
    app()


if __name__ == "__main__":
    main()
