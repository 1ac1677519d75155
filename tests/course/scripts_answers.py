"""Answer files of four learners, made by really playing scenes (shared by the script book's tests)."""

from receivables.exercise.spec import Outcome
from receivables.exercise.store import Store
from receivables.talk import scene

RED = "不给钱就上你公司拉横幅，让大家都知道你是老赖。"
FORMULA = '=HYPERLINK("http://evil","点我")'
MARKUP = "<b>先付没争议的</b>，十八万二，周五前。"
ACCOUNT = "账号6222 0200 1234 5678 901，电话13812345678，您看着付。"
SAME = ("您下一笔进账是哪家、哪天、多少？", "您下一笔进账是哪家，哪天，多少?")

#: learner -> scene -> what was said in its turns; the first turn of most scenes sets the tone
LINES = {
    "小李": {"admits_no_money": ["邵总，就一件事，对三张票。", SAME[0]],
           "breaks_promises": ["", "周总，说好的六月二十号没到，卡在哪？"]},
    "韩雪": {"admits_no_money": ["", SAME[1], "今天能先付多少？剩下的写成两期。", FORMULA],
           "dispute": ["", MARKUP, "您说的是哪一批、差几台？"]},
    "陶文": {"hard_threat": ["冯总，合作归合作，这张票分开谈。", RED], "breaks_promises": ["", "好的", ACCOUNT]},
    "me": {"cannot_meet": ["", "", "", "许总不在，现在谁接手、谁能签字？"]},
}
FOUND = sum(bool(line) for plays in LINES.values() for lines in plays.values() for line in lines)


def played(name: str, lines: list[str]) -> scene.State:
    """A scene played to its end with these own lines in its first turns."""
    state = scene.start(name)
    for turn, move in enumerate(scene.best_moves(name)):
        state = scene.answer(state, move, lines[turn] if turn < len(lines) else "")
    assert state.ended
    return state


def keep(store: Store, name: str, answer: dict, number: int = 1, *, event: str = "answer", submission: str = "") -> None:
    store.append(f"08-{number:02}", 1, event, submission or f"{store.learner}/{name}/{event}", answer,
                 Outcome.scored(1, "好"), {"kind": "scene"})


def four_files(folder) -> list:
    """The files of four learners; one has a damaged line and a talk that was left unfinished.

    As the card keeps them: each step of a talk, then the finished talk.
    """
    stores = [Store(who, folder) for who in LINES]
    for store in stores:
        for number, (name, lines) in enumerate(LINES[store.learner].items(), 1):
            done = played(name, lines)
            keep(store, name, scene.rewind(done, 3).as_dict(), number, event="step")
            keep(store, name, done.as_dict(), number)
    last = stores[-1]
    keep(last, "dispute", scene.answer(scene.start("dispute"), scene.offer(scene.start("dispute")).options[0].id,
                                       "没演完的一句话，不收。").as_dict(), 7, event="step")
    last.path.write_bytes(last.path.read_bytes() + b'{"schema":1,"exercise":"08-0')
    return [store.path for store in stores]
