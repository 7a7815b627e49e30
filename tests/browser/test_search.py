"""Searching as people do it, with mouse, keyboard and finger."""

import re

import pytest
from playwright.sync_api import expect

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


def total(page):
    return int(re.search(r"[\d,]+", page.get_by_role("status").inner_text())[0].replace(",", ""))


def test_search_filter_sort_and_open(visit):
    page = visit("/")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.get_by_role("combobox").fill("关税")
    page.get_by_role("button", name="Search", exact=True).click()
    everything = total(page)
    expect(page.locator("mark").first).to_have_text("关税")
    page.get_by_role("region", name="Source").get_by_role("link", name="財經觀察").click()
    assert 0 < total(page) < everything
    page.get_by_role("link", name="Newest").click()
    expect(page.get_by_role("navigation", name="Order").locator("[aria-current]")).to_have_text("Newest")
    page.get_by_role("link", name="Remove 財經觀察").click()
    assert total(page) == everything
    page.locator(".hits a").first.click()
    expect(page.locator("article.story mark").first).to_have_text(re.compile("关税|關稅"))
    page.get_by_role("link", name="Back to the results").click()
    assert total(page) == everything


def test_dates_of_ones_own_choice(visit):
    page = visit("/?q=芯片")
    everything = total(page)
    page.get_by_text("Dates…").click()
    page.get_by_label("From").fill("2026-01-01")
    page.get_by_role("button", name="Apply").click()
    assert 0 < total(page) < everything
    # Empty fields stay out of the address.
    assert "to=" not in page.url
    assert "from=2026-01-01" in page.url


def test_keys_alone_lead_from_the_home_page_to_an_article_and_back(visit):
    page = visit("/")
    page.keyboard.type("芯片")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=**")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator("[data-current]")).to_have_count(1)
    title = page.locator("[data-current] h2").inner_text()
    page.keyboard.press("o")
    page.wait_for_url("**/article/**")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.keyboard.press("/")
    expect(page.get_by_role("combobox")).to_be_focused()
    # Slashes and question marks that are typed are text.
    page.keyboard.type("?/")
    expect(page.locator("#keys")).not_to_be_visible()


def test_the_list_of_keys_opens_and_closes(visit):
    page = visit("/?q=芯片")
    page.locator("body").press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).not_to_be_visible()


def test_the_skip_link_comes_first(visit):
    page = visit("/?q=芯片")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_completions_that_come_late_take_nothing_away(visit):
    page = visit("/")
    box = page.get_by_role("combobox")
    box.press_sequentially("guan")
    option = page.get_by_role("option").first
    expect(option).to_be_visible()
    page.route("**/suggest?q=guans", lambda route: (page.wait_for_timeout(600), route.continue_()))
    box.press("s")
    page.wait_for_timeout(300)
    box.press("ArrowDown")
    chosen = box.input_value()
    page.wait_for_timeout(800)
    expect(box).to_have_value(chosen)
    expect(option).to_have_attribute("aria-selected", "true")
    box.press("ArrowUp")
    expect(box).to_have_value("guans")


def test_completion_by_keyboard(visit):
    page = visit("/")
    box = page.get_by_role("combobox")
    box.press_sequentially("guans")
    option = page.get_by_role("option").first
    expect(option).to_contain_text("关税")
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", option.get_attribute("id"))
    expect(box).to_have_value("关税")
    box.press("ArrowUp")
    expect(box).to_have_value("guans")
    box.press("ArrowDown")
    box.press("Escape")
    expect(box).to_have_value("guans")
    expect(page.get_by_role("listbox")).not_to_be_visible()


def test_completion_by_mouse(visit):
    page = visit("/")
    page.get_by_role("combobox").press_sequentially("guans")
    page.get_by_role("option", name="关税").click()
    page.wait_for_url("**q=**")
    expect(page.get_by_role("combobox")).to_have_value("关税")


def test_a_bar_of_the_timeline_narrows_the_dates(visit):
    page = visit("/?q=关税")
    everything = total(page)
    page.locator(".bar").first.scroll_into_view_if_needed()
    box = page.locator(".bar").first.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_url("**from=**")
    assert 0 < total(page) < everything


def test_dragging_over_the_timeline_narrows_the_dates(visit):
    page = visit("/timeline?q=关税")
    chart = page.locator(".chart figure > svg").bounding_box()
    y = chart["y"] + chart["height"] / 2
    page.mouse.move(chart["x"] + chart["width"] * 0.2, y)
    page.mouse.down()
    page.mouse.move(chart["x"] + chart["width"] * 0.4, y, steps=5)
    assert float(page.locator(".selection").get_attribute("width")) > 20
    page.mouse.move(chart["x"] + chart["width"] * 0.6, y, steps=5)
    page.mouse.up()
    page.wait_for_url("**from=**to=**")
    expect(page.get_by_role("heading", name="Timeline")).to_be_visible()


def test_pointing_at_a_chart_tells_its_figures(visit):
    page = visit("/timeline?q=关税&q=台风")
    chart = page.locator(".chart figure > svg").bounding_box()
    page.mouse.move(chart["x"] + chart["width"] * 0.06, chart["y"] + 100)
    expect(page.locator(".crosshair")).to_have_attribute("data-shown", "")
    expect(page.locator(".figures")).to_have_text("2024-11 · 关税 2 · 台风 0")
    page.mouse.move(0, 0)
    expect(page.locator(".crosshair")).not_to_have_attribute("data-shown", "")
    expect(page.locator(".figures")).to_be_empty()


def test_a_bar_of_the_comparison_shows_what_was_reported(visit):
    page = visit("/timeline?q=关税")
    page.locator(".bar").first.scroll_into_view_if_needed()
    box = page.locator(".bar").first.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_url("**at=2024-11-01**")
    expect(page.get_by_role("region", name="2024-11").get_by_role("listitem")).to_have_count(2)


@pytest.mark.parametrize("form", ["PNG", "SVG", "CSV"])
def test_a_chart_can_be_saved(visit, form, tmp_path):
    page = visit("/timeline?q=关税&q=台风")
    with page.expect_download() as download:
        page.get_by_role("link", name=form, exact=True).click()
    assert download.value.suggested_filename == f"timeline.{form.lower()}"
    download.value.save_as(tmp_path / "file")
    start = {"PNG": b"\x89PNG", "SVG": b"<?xml", "CSV": b"\xef\xbb\xbffirst"}[form]
    content = (tmp_path / "file").read_bytes()
    assert content.startswith(start)
    assert len(content) > 500


def test_comparing_two_questions(visit):
    page = visit("/timeline?q=关税")
    page.get_by_placeholder("Add a search").fill("台风")
    page.get_by_role("button", name="Draw").click()
    expect(page.locator("polyline.line")).to_have_count(2)
    legend = page.get_by_role("list", name="Legend")
    expect(legend.get_by_role("listitem")).to_have_count(2)
    page.get_by_role("link", name="Share of all articles").click()
    expect(page.locator(".chart .y").first).to_contain_text("%")
    page.get_by_text("Show as a table").click()
    expect(page.get_by_role("table").get_by_role("columnheader")).to_have_text(["Period", "关税", "台风"])
    legend.get_by_role("link", name="Remove 台风").click()
    expect(page.locator("rect.bar").first).to_be_visible()


def test_everything_works_without_scripts(visit):
    page = visit("/", java_script_enabled=False)
    page.get_by_label("Search the archive").fill("台风")
    page.get_by_role("button", name="Search", exact=True).click()
    everything = total(page)
    page.get_by_text("Show as a table").click()
    page.get_by_role("table").get_by_role("link").first.click()
    assert 0 < total(page) < everything
    page.get_by_text("Dates…").click()
    page.get_by_label("From").fill("2024-01-01")
    page.get_by_role("button", name="Apply").click()
    assert total(page) <= everything
    page.get_by_role("link", name="Timeline and comparison").click()
    page.get_by_placeholder("Add a search").fill("关税")
    page.get_by_role("button", name="Draw").click()
    for series in ("s1", "s2"):
        expect(page.locator(f".chart polyline.{series}, .chart circle.{series}").first).to_be_attached()


def test_the_language_of_the_interface_can_be_chosen(visit):
    page = visit("/?q=关税", locale="zh-TW")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hant")
    page.get_by_role("link", name="简体中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.get_by_role("button", name="搜索", exact=True)).to_be_visible()
    page.get_by_role("link", name="English").click()
    assert total(page) > 0
    assert "ui=" not in page.url


def test_a_phone_shows_everything_without_scrolling_sideways(visit):
    page = visit("/", **PHONE)
    for path in ("/", "/?q=关税", "/timeline?q=关税&q=台风", "/status", "/subscriptions", "/help", "/desk", "/marks"):
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, path


def test_dark_and_light_follow_the_system(visit):
    papers = {
        theme: visit("/?q=关税", color_scheme=theme).evaluate("getComputedStyle(document.body).backgroundColor")
        for theme in ("light", "dark")
    }
    assert papers["light"] != papers["dark"]


def test_the_policy_stops_inline_scripts(visit, chromium, address):
    page = chromium.new_context(base_url=address).new_page()
    page.goto("/?q=关税")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran = true\">')")
    page.evaluate(
        "const s = document.createElement('script'); s.textContent = 'window.ran = true'; document.body.append(s)"
    )
    assert page.evaluate("window.ran") is None
    page.context.close()


def test_a_search_is_watched_and_dropped(visit):
    page = visit("/?q=关税")
    page.get_by_role("button", name="Watch this search").click()
    expect(page.get_by_role("main").get_by_role("link", name="关税", exact=True)).to_be_visible()
    page.get_by_text("Change", exact=True).click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("main")).to_contain_text("Nothing is watched yet")


def test_a_phone_chooses_dates_within_the_screen(visit):
    page = visit("/?q=芯片", **PHONE)
    page.get_by_text("Dates…").click()
    page.get_by_label("From").fill("2026-01-01")
    box = page.get_by_role("button", name="Apply").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["viewport"]["width"]
    page.get_by_role("button", name="Apply").click()
    assert "from=2026-01-01" in page.url


def test_a_mark_is_made_where_one_reads(visit):
    page = visit("/?q=台风&collapse=0")
    star = page.get_by_role("button", name="Star:").first
    expect(star).to_have_attribute("aria-pressed", "false")
    box = star.bounding_box()
    assert min(box["width"], box["height"]) >= 24
    star.click()
    expect(star).to_have_attribute("aria-pressed", "true")
    assert "台风" in page.locator("#q").input_value()
    page.get_by_role("link", name="Marks").click()
    listed = page.get_by_role("button", name="Star:")
    expect(listed).to_have_count(1)
    listed.click()
    expect(listed).to_have_attribute("aria-pressed", "false")
    page.reload()
    expect(listed).to_have_count(0)


def test_marks_need_no_script(visit):
    page = visit("/?q=台风&collapse=0", java_script_enabled=False)
    star = page.get_by_role("button", name="Star:").first
    for pressed in ("true", "false"):
        star.click()
        expect(star).to_have_attribute("aria-pressed", pressed)


def test_two_names_are_compared_in_one_go(visit):
    page = visit("/")
    page.get_by_role("link", name="Timeline").click()
    page.get_by_label("Search 1").fill("关税")
    page.get_by_label("Search 2").fill("台风")
    page.keyboard.press("Enter")
    expect(page.locator("polyline.line")).to_have_count(2)


def test_an_article_leads_on_and_back_to_its_place(visit):
    page = visit("/?q=的&limit=20")
    page.keyboard.press("j")
    for _ in range(11):
        page.keyboard.press("j")
    titles = page.locator(".hits h2").all_inner_texts()
    page.keyboard.press("o")
    page.wait_for_url("**/article/**")
    expect(page.get_by_role("heading", level=1)).to_have_text(titles[11])
    page.keyboard.press("j")
    expect(page.get_by_role("heading", level=1)).to_have_text(titles[12])
    page.keyboard.press("k")
    expect(page.get_by_role("heading", level=1)).to_have_text(titles[11])
    page.get_by_role("link", name="Back to the results").click()
    expect(page.locator(".hits > li").nth(11)).to_be_in_viewport()
    page.keyboard.press("j")
    expect(page.locator("[data-current] h2")).to_have_text(titles[12])


def test_the_matches_of_an_article_are_gone_through(visit):
    page = visit("/?q=关税")
    page.locator(".hits a").first.click()
    count = page.locator(".story h1 mark, .body mark").count()
    assert count > 1
    place = page.get_by_label("Matches")
    expect(place).to_have_text(str(count))
    page.get_by_role("button", name="Next match").click()
    expect(place).to_have_text(f"1 / {count}")
    expect(page.locator("mark[data-current]")).to_be_in_viewport()
    page.keyboard.press("p")
    expect(place).to_have_text(f"{count} / {count}")
    page.keyboard.press("n")
    page.keyboard.press("n")
    expect(place).to_have_text(f"2 / {count}")
    expect(page.locator("mark[data-current]")).to_have_count(1)


def test_nothing_is_gone_through_where_nothing_was_searched(visit):
    page = visit("/?q=关税")
    address = page.locator(".hits a").first.get_attribute("href").partition("?")[0]
    page.goto(address)
    expect(page.get_by_label("Matches")).to_be_hidden()
    page.keyboard.press("n")
    page.keyboard.press("j")
    assert page.url.endswith(address)


def test_letters_reach_every_page_and_mark(visit):
    page = visit("/")
    for letter, path in (
        ("t", "timeline"),
        ("d", "desk"),
        ("s", "subscriptions"),
        ("i", "status"),
        ("m", "marks"),
        ("h", ""),
    ):
        page.locator("h1").first.click()
        page.keyboard.press("g")
        page.keyboard.press(letter)
        page.wait_for_url(f"**/{path}")
    page.goto("/?q=疫苗")
    page.locator(".summary strong").click()
    page.keyboard.press("s")
    expect(page.locator("[aria-pressed=true]")).to_have_count(0)
    page.keyboard.press("j")
    page.keyboard.press("s")
    expect(page.locator(".hits > li").first.locator("[value=starred]")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("s")
    expect(page.locator("[aria-pressed=true]")).to_have_count(0)
    page.keyboard.press("g")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("star, read later, hide")


def test_a_search_within_what_was_found(visit):
    page = visit("/?q=关税")
    everything = total(page)
    page.get_by_label("Search within these").fill("出口")
    page.get_by_label("Search within these").press("Enter")
    page.wait_for_url("**q=*")
    assert 0 < total(page) < everything
    expect(page.get_by_role("combobox")).to_have_value("关税 出口")
