"""Scrapy's settings for this project, each with its reason where it is not Scrapy's default.

`scrapy crawl reports` reads them as they stand; `nianbao crawl` lays its options over them.
"""

from settings.environment import read_environment

_environment = read_environment()

BOT_NAME = "nianbao"
SPIDER_MODULES = ["crawler.spiders"]

# Who we are, so that the keeper of a site can reach us.
USER_AGENT = _environment.user_agent or f"nianbao/0.1 (+{_environment.contact})"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
    # Not br: what came in gzip shares with other pages in the archive (decision 7), what came in br cannot.
    "Accept-Encoding": "gzip",
}

# What is due, and what has been seen, is in the database alone: a crawl may be killed at any moment.
SCHEDULER = "crawler.sharing.SharedScheduler"
ITEM_PIPELINES = {"pipeline.commit.Commit": 100}
NIANBAO_DATABASE = _environment.database
NIANBAO_HAS_PROXY = _environment.has_proxy
NIANBAO_HOSTS: list[str] = []  # all registered sites
NIANBAO_MAX_PAGES = 0  # fetches in one run; 0 is no limit
NIANBAO_MAX_SECONDS = 0
NIANBAO_STARTS_ONLY = False  # only robots.txt and the start pages, due or not
NIANBAO_SUBDOMAINS = True  # departments' own hosts below a site's domain are crawled with it
NIANBAO_REQUISITES = True  # style sheets and pictures of report pages too (crawler/requisites.py)
NIANBAO_DAILY_PAGES = 5000  # fetches of one host in a day of Beijing; 0 is no limit

# A good guest: one request at a time for each host, 0.75 to 2.25 s apart.
DOWNLOAD_DELAY = 1.5
DOWNLOAD_DELAY_JITTER = 0.5
# Hosts served side by side. A request that waits for its host's delay counts, so this is not the load.
CONCURRENT_REQUESTS = 256

# Slow county servers take a minute; nothing we want is larger than 64 MB.
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_MAXSIZE = 64 * 1024 * 1024

# Scrapy's own downloader takes each request through middlewares, slots and handlers that have nothing to do
# here, and costs 0.9 ms a page more. Ours keeps what comes as it comes: every answer becomes a visit, of any
# status, and is decoded by storage/content.py. Redirects, retries and robots.txt are the frontier's business,
# which passes each through the gate, waits, and outlives the process.
DOWNLOADER = "crawler.downloader.Downloader"

# The callback returns one visit and no requests: there is nothing for these to do (0.3 ms a page).
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": None,
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
}

# The default of 100 makes Scrapy 2.19 start 100 tasks for every answer (0.7 ms a page), which has one visit.
CONCURRENT_ITEMS = 1

# What a run did is in the database; nobody reads Scrapy's own counts (0.1 ms a page).
STATS_CLASS = "scrapy.statscollectors.DummyStatsCollector"

# The last two open a port that runs code; nobody here asks for them, and to import one takes 0.1 s.
EXTENSIONS = {
    "scrapy.extensions.corestats.CoreStats": None,
    "scrapy.extensions.logcount.LogCount": None,
    "scrapy.extensions.logstats.LogStats": None,
    "scrapy.extensions.feedexport.FeedExporter": None,
    "scrapy.extensions.spiderstate.SpiderState": None,
    "scrapy.extensions.remote_control.RemoteControl": None,
    "scrapy.extensions.telnet.TelnetConsole": None,
}

LOG_LEVEL = "INFO"
LOG_FORMATTER = "crawler.logs.Brief"
