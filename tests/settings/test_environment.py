from settings.environment import DEFAULT_DATABASE, read_environment


def test_an_empty_environment_has_every_default():
    seen = read_environment({})
    assert seen.database == DEFAULT_DATABASE
    assert seen.contact.startswith("https://")
    assert seen.user_agent is None
    assert not seen.has_proxy


def test_what_is_set_is_used():
    seen = read_environment(
        {
            "NIANBAO_DB": "sqlite:///elsewhere.db",
            "NIANBAO_CONTACT": "you@example.org",
            "NIANBAO_USER_AGENT": "tester/1",
            "http_proxy": "http://127.0.0.1:1",
        }
    )
    assert seen.database == "sqlite:///elsewhere.db"
    assert seen.contact == "you@example.org"
    assert seen.user_agent == "tester/1"
    assert seen.has_proxy
