# SPDX-License-Identifier: MIT
"""TLS, which is verified."""

import asyncio

import pytest
from fakes.fixture import error_of, soon
from fakes.visitor import online, problem_with, url_of
from parlor_client import Message
from parlor_client.api import Api
from support import certificates


@pytest.fixture
def encrypted(start_service, tmp_path):
    made = certificates.make(tmp_path)
    return start_service(*made.options)


async def test_who_trusts_the_certificate_is_served(encrypted):
    async with online(encrypted, "ann", "tea") as ann:
        await ann.rooms["tea"].publish("x" * 30000)
        message = await ann.records["tea"].heard(Message)
        assert len(message.content) == 30000
        api = Api(url_of(encrypted), ssl=encrypted.tls)
        assert (await api.stats()).total_connections == 1
        await asyncio.to_thread(encrypted.kill)
        offline = soon(ann.rooms["tea"].publish("later"))
        await asyncio.to_thread(encrypted.start)
        await offline


async def test_whom_nobody_has_signed_is_not_believed(encrypted):
    error = await problem_with(
        url_of(encrypted), get_token=lambda reason: "secret")
    assert error.code == "unreachable"
    assert "certificate verify failed" in error.message
    assert "secret" not in "\n".join(encrypted.log.text)
    error = await error_of(Api(url_of(encrypted)).stats())
    assert (error.code, error.retryable) == ("unreachable", True)
    assert "certificate verify failed" in error.message


async def test_a_certificate_for_another_host_is_not_believed(
        start_service, tmp_path):
    made = certificates.make(tmp_path)
    service = start_service(*made.options, "server.host=127.0.0.2")
    url = f"https://127.0.0.2:{service.port}"
    error = await problem_with(url, ssl=made.trust())
    assert error.code == "unreachable"
    assert "certificate is not valid for '127.0.0.2'" in error.message
    error = await error_of(Api(url, ssl=made.trust()).stats())
    assert "certificate is not valid for '127.0.0.2'" in error.message


async def test_plain_http_at_a_port_of_tls_is_told(encrypted):
    url = url_of(encrypted, "http")
    error = await problem_with(url)
    assert (error.code, error.status) == ("unreachable", 400)
    assert (await error_of(Api(url).stats())).status == 400
