"""A live demonstration as a learner meets it: sliders by keyboard on a phone, with names, and what they change."""


def test_sliders_have_names_answer_the_keyboard_and_fit_a_phone(clean, visit, axe):
    page = visit(clean.start.replace("00_start", "01_why_receivables_matter"), "phone", ready=".rw-demo figcaption")
    days = page.get_by_role("slider", name="晚几天")
    days.wait_for()
    demonstration = page.locator(".rw-demonstration").first
    before = demonstration.locator("figcaption").inner_text()
    days.press("PageUp")
    page.wait_for_function(
        "before => document.querySelector('.rw-demo figcaption').innerText !== before", arg=before)
    assert float(days.get_attribute("aria-valuenow")) > 60
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert all(box.bounding_box()["height"] >= 44 for box in demonstration.locator(".widget-slider").all())
    assert axe(page, ".rw-demonstration") == []
    ids = page.evaluate("[...document.querySelectorAll('[id^=rx-]')].map((e) => e.id)")
    assert len(ids) == len(set(ids))  # a label must not reach into another card
