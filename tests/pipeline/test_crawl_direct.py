"""A crawl without a proxy: names are resolved here, and must not lead into private networks."""

import os
import subprocess
import sys
from pathlib import Path

from sqlalchemy import text

from settings.registry import Site
from storage.database import open_database
from storage.sites import register_sites

ROOT = Path(__file__).parents[2]
HOST = "www.wuyou.gov.cn"
CRAWL = f"""
import sys
from scrapy.resolver import dnscache
from pipeline.crawl import crawl
from settings.environment import read_environment
dnscache["{HOST}"] = "127.0.0.1"  # what a resolver that was told a lie would say
crawl(sys.argv[1], environment=read_environment(), delay=0)
"""
DIRECT = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}  # noqa: TID251


def test_a_public_name_that_leads_inside_is_not_connected_to(tmp_path):
    url = f"sqlite:///{tmp_path}/nianbao.db"
    database = open_database(url)
    with database.write() as connection:
        register_sites(connection, [Site(HOST, start=(f"http://{HOST}/",))])
    command = [sys.executable, "-c", CRAWL, url]
    done = subprocess.run(
        command, cwd=ROOT, env=DIRECT, capture_output=True, text=True, timeout=60, check=True
    )
    with database.read() as connection:
        [capture] = connection.execute(text("SELECT url, status, error FROM captures"))
    database.close()
    assert (capture.url, capture.status) == (f"http://{HOST}/robots.txt", None)
    assert "CannotResolveHostError" in capture.error  # and not that the connection was refused
    assert "127.0.0.1, which is not of the public internet" in done.stderr
