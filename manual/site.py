"""The site: a folder of pages for each language, and Zensical over it. `python -m manual.site` makes site/.

Zensical's strict build refuses links that lead nowhere; that every page has its place is held here.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from manual.reference import PAGES
from manual.speech import LANGUAGES, Language, Undocumented, agree
from settings.tables import load_toml

ROOT = Path(__file__).parents[1]
DOCS, EXAMPLES, SITE = ROOT / "docs", ROOT / "examples", ROOT / "site"
LANGUAGE_OF = {".py": "python", ".R": "r"}
CHINESE = ".zh.md"
STYLE = "site.css"
TITLE = {"zh": "年报", "en": "nianbao"}
SAYS = {
    "zh": "政府信息公开工作年度报告的存档与数据",
    "en": "China's yearly disclosure reports: archive and data",
}
NAMES = {"zh": "中文", "en": "English"}
FEATURES = ["navigation.sections", "navigation.top", "search.highlight", "content.code.copy"]
STUDIES, STUDIED = "studies.md", "../examples/README.md"  # a page of the site, and how docs/ links to it
HEADING = re.compile(r"^# (.+)$", re.MULTILINE)
HAN = r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef“”]"
JOINT = re.compile(rf"(?<={HAN})\n *(?=(?:\*\*|`)?{HAN})")  # Chinese has no space where a line ends
COLOURS = re.compile(r"\x1b\[[\d;]*m")
FIRST = """<!doctype html><html lang="zh"><meta charset="utf-8"><title>年报 nianbao</title>
<meta http-equiv="refresh" content="0; url=zh/index.html">
<p><a href="zh/index.html">中文</a> · <a href="en/index.html">English</a></p></html>
"""


def main() -> None:
    """Exit status 1 and one line where something is undocumented or a link leads nowhere."""
    try:
        shutil.rmtree(SITE, ignore_errors=True)
        for language in LANGUAGES:
            build(language, SITE)
    except Undocumented as error:
        sys.exit(f"manual: {error}")
    (SITE / "index.html").write_text(FIRST, encoding="utf-8")
    print(f"manual: {SITE.name}/index.html")  # noqa: T201 - what the command made


def build(language: Language, site: Path) -> None:
    """One language's site into its folder of `site`. Raises Undocumented."""
    work = site / f".{language}"
    gather(language, work / "docs")
    config = work / "mkdocs.yml"
    config.write_text(json.dumps(configured(language), ensure_ascii=False), encoding="utf-8")  # JSON is YAML
    command = [sys.executable, "-m", "zensical", "build", "--strict", "--config-file", str(config)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    if done.returncode:
        said = COLOURS.sub("", done.stderr).partition("Traceback")[0]
        raise Undocumented(f"{NAMES[language]}: {said.strip()}")
    for page in (work / "site").rglob("*.html"):
        turn_to_twin(page, page.relative_to(work / "site"))
    (work / "site").replace(site / language)
    shutil.rmtree(work)


def turn_to_twin(page: Path, place: Path) -> None:
    """The link to the other language leads to the same page there, and not to the first one."""
    text = page.read_text(encoding="utf-8")
    page.write_text(
        text.replace('/index.html" hreflang=', f'/{place.as_posix()}" hreflang='), encoding="utf-8"
    )


def gather(language: Language, folder: Path) -> None:
    """Every page of the site and what it shows, under the same names in both languages."""
    agree("manual/site.toml", [page["path"] for page in pages()], in_docs())
    shutil.copytree(DOCS, folder, ignore=shutil.ignore_patterns(f"*{CHINESE}"))
    if language == "zh":
        for page in DOCS.rglob(f"*{CHINESE}"):
            text = JOINT.sub("", page.read_text(encoding="utf-8")).replace(CHINESE, ".md")
            own = folder / page.relative_to(DOCS)
            own.with_name(page.name.replace(CHINESE, ".md")).write_text(text, encoding="utf-8")
    shutil.copy(Path(__file__).with_name(STYLE), folder)
    (folder / STUDIES).write_text(studies(), encoding="utf-8")
    for page in folder.rglob("*.md"):
        page.write_text(page.read_text(encoding="utf-8").replace(STUDIED, STUDIES), encoding="utf-8")
    (folder / "reference").mkdir()
    for name, made in PAGES.items():
        (folder / "reference" / f"{name}.md").write_text(made(language), encoding="utf-8")


def studies() -> str:
    """The worked studies with their code."""
    code = sorted(
        each for each in EXAMPLES.iterdir() if each.suffix in LANGUAGE_OF and each.stem != "__init__"
    )
    blocks = (
        f"## {each.name}\n\n```{LANGUAGE_OF[each.suffix]}\n{each.read_text(encoding='utf-8').strip()}\n```\n"
        for each in code
    )
    return "\n".join([(EXAMPLES / "README.md").read_text(encoding="utf-8"), *blocks])


def pages() -> Iterator[dict[str, str]]:
    for part in load_toml("manual", "site.toml")["part"]:
        yield from part.get("pages") or in_folder(part["folder"])


def in_folder(name: str) -> Iterator[dict[str, str]]:
    """The pages of a folder, each under its own heading."""
    for page in sorted((DOCS / name).glob("*.md"), key=lambda page: (page.stem != "README", page.name)):
        heading = HEADING.search(page.read_text(encoding="utf-8"))
        title = heading[1] if heading else page.stem
        yield {"path": str(page.relative_to(DOCS)), "zh": title, "en": title}


def in_docs() -> set[str]:
    """Every page that there is: written, and made of the code."""
    written = {str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md")}
    made = {f"reference/{name}.md" for name in PAGES}
    return {page.replace(CHINESE, ".md") for page in written} | made | {STUDIES}


def configured(language: Language) -> dict[str, Any]:
    parts = load_toml("manual", "site.toml")["part"]
    return {
        "site_name": TITLE[language],
        "site_description": SAYS[language],
        "use_directory_urls": False,
        "nav": [{part[language]: list(nav(part, language))} for part in parts],
        "theme": {
            "name": "material",
            "language": language,
            "font": False,
            "features": FEATURES,
            "palette": {"primary": "deep orange"},
        },
        "extra": {
            "generator": False,
            "alternate": [
                {"name": NAMES[each], "link": f"../{each}/index.html", "lang": each} for each in LANGUAGES
            ],
        },
        "extra_css": [STYLE],
        "markdown_extensions": ["admonition", "tables", "attr_list", "pymdownx.superfences"],
    }


def nav(part: dict[str, Any], language: Language) -> Iterator[dict[str, str]]:
    for page in part.get("pages") or in_folder(part["folder"]):
        yield {page[language]: page["path"]}


if __name__ == "__main__":
    main()
