"""Any endpoint that speaks OpenAI's Chat Completions, through the `openai` package.

The package's own retries are off: this file decides what is worth another try, waits as long as the endpoint
asks, and never beyond the request's deadline. Whatever goes wrong leaves here as a `ModelError`.
"""

from __future__ import annotations

import asyncio
import hashlib
import ipaddress
import json
import random
import re
import time
from collections.abc import Awaitable, Callable
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from poa.errors import InputError, ModelError
from poa.models.abilities import Abilities, recall, remember
from poa.models.base import ChatReply, ChatRequest
from poa.models.tokens import count_tokens

if TYPE_CHECKING:
    from openai import AsyncOpenAI

__all__ = ["OpenAIModel", "is_loopback"]

_Answered = TypeVar("_Answered")

_TRIES = 4
_FIRST_WAIT_S = 0.5
_LONGEST_WAIT_S = 20.0
_CONNECT_S = 5.0
_DEFAULT_TIMEOUT_S = 180.0
_WORTH_ANOTHER_TRY = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529})
# A reply to one section is a few kilobytes; more than this is not an answer.
# A model that thinks before it writes counts its thoughts: a tight limit would leave no room for the answer.
_LEAST_MAX_TOKENS = 4096
_MOST_BYTES = 4_000_000
_MOST_TOKENS = 10_000_000


class _TryError(Exception):
    """One try that came to nothing; `wait_s` is how long the endpoint asked to wait, None when it did not."""

    def __init__(
        self, message: str, *, again: bool, wait_s: float | None = None, complaint: str | None = None
    ) -> None:
        super().__init__(message)
        self.again = again
        self.wait_s = wait_s
        self.complaint = complaint


def is_loopback(base_url: str) -> bool:
    """Whether the address is on this machine."""
    host = urlsplit(base_url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class OpenAIModel:
    """One model at one endpoint, with one client for all its requests.

    `model` may be empty: then the endpoint's first model is used, for servers that serve a single one.
    """

    def __init__(
        self,
        model: str,
        *,
        base_url: str,
        api_key: str | None,
        name: str | None = None,
        concurrency: int = 16,
        first_wait_s: float = _FIRST_WAIT_S,
    ) -> None:
        if urlsplit(base_url).scheme not in ("http", "https") or not urlsplit(base_url).hostname:
            raise InputError(
                f"{_plain(base_url, None)!r} is no address of an endpoint: it must read like"
                " https://api.openai.com/v1."
            )
        key = (api_key or "").strip()
        if not key.isascii() or any(c.isspace() for c in key):
            raise InputError("The API key holds a space or a non-ASCII character: copy it again.")
        self.name = name or model or "the endpoint's model"
        self.concurrency = concurrency
        self.on_this_machine = is_loopback(base_url)
        # A hash: the address may hold a name and a password.
        self.identity = hashlib.sha256(f"{base_url}\n{model}".encode()).hexdigest()
        self._model = model
        self._base_url = base_url
        self._key = key
        self._first_wait_s = first_wait_s
        self._client: AsyncOpenAI | None = None
        self._abilities: Abilities | None = None
        self._finding_model = asyncio.Lock()

    @property
    def opened_with(self) -> dict[str, Any]:
        """What another process opens the same model with; it holds the key."""
        return {
            "model": self._model,
            "base_url": self._base_url,
            "api_key": self._key,
            "name": self.name,
            "concurrency": self.concurrency,
            "first_wait_s": self._first_wait_s,
        }

    def warm_up(self) -> None:
        """Loads what the first request needs, so that it need not wait for that; nothing is sent."""
        _ = self._open().chat.completions.with_streaming_response

    async def reply(self, request: ChatRequest) -> ChatReply:
        started = time.perf_counter()
        timeout_s = request.timeout_s if request.timeout_s is not None else _DEFAULT_TIMEOUT_S
        try:
            async with asyncio.timeout(timeout_s):
                completion = await self._ask(request, started + timeout_s)
        except TimeoutError:
            raise ModelError(
                f"{self.name} did not answer within {timeout_s:g} s: try again, or allow more with --timeout."
            ) from None
        return self._read(completion, request, time.perf_counter() - started)

    async def aclose(self) -> None:
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def body_of(self, request: ChatRequest) -> dict[str, Any]:
        """The request's JSON as this endpoint takes it, to be handed in by another way than a call."""
        model = await self._model_id()
        if self._abilities is None:
            self._abilities = recall(self._base_url, model)
        return _parameters(model, request, self._abilities)

    def read_body(self, body: object) -> ChatReply:
        """The reply in a completion's JSON that came by another way; `ModelError` when it holds none."""
        try:
            return self._read(_completion(json.dumps(body).encode(), self.name), ChatRequest(()), 0.0)
        except _TryError as failed:
            raise ModelError(str(failed)) from failed

    def learn(self, complaint: str) -> bool:
        """Asks for less from now on, after a complaint about a request; false when nothing can be left out."""
        less = None if self._abilities is None else self._abilities.without(complaint)
        if less is None:
            return False
        self._abilities = less
        remember(self._base_url, self._model, less)
        return True

    async def call(self, service: Callable[[AsyncOpenAI], Awaitable[_Answered]]) -> _Answered:
        """What another of the endpoint's services answers, tried again while that makes sense."""
        import openai

        for tries in range(1, _TRIES + 1):
            try:
                return await service(self._open())
            except openai.APIStatusError as error:
                failed = self._status_failed(error)
            except openai.APIConnectionError:
                failed = _TryError(
                    f"{self._where()} could not be reached: check the address and the connection.", again=True
                )
            except (openai.OpenAIError, ValueError) as error:
                raise ModelError(f"{self._where()} answered what is not expected of it ({error}).") from error
            if not failed.again or tries == _TRIES:
                raise ModelError(str(failed))
            await asyncio.sleep(min(self._wait_s(tries, failed), _LONGEST_WAIT_S))
        raise AssertionError("the loop ends by itself")

    async def _ask(self, request: ChatRequest, deadline: float) -> dict[str, Any]:
        """Tries until there is an answer, or nothing is left to try."""
        model = await self._model_id()
        if self._abilities is None:
            self._abilities = recall(self._base_url, model)
        abilities = self._abilities
        tries = 0
        while True:
            try:
                completion = await self._post(model, request, abilities, deadline)
            except _TryError as failed:
                less = None if failed.complaint is None else abilities.without(failed.complaint)
                if less is not None:
                    abilities = less
                    continue
                tries += 1
                wait_s = self._wait_s(tries, failed)
                if not failed.again or tries >= _TRIES or time.perf_counter() + wait_s >= deadline:
                    raise ModelError(str(failed)) from failed
                await asyncio.sleep(wait_s)
            else:
                if abilities != self._abilities:
                    self._abilities = abilities
                    remember(self._base_url, model, abilities)
                return completion

    def _wait_s(self, tries: int, failed: _TryError) -> float:
        if failed.wait_s is not None:
            # Sections that are sent away together must not all come back at the same moment.
            return failed.wait_s + random.uniform(0, 0.25)  # noqa: S311 - no secret
        longest = min(self._first_wait_s * 2 ** (tries - 1), _LONGEST_WAIT_S)
        return random.uniform(longest / 2, longest)  # noqa: S311 - no secret

    async def _post(
        self, model: str, request: ChatRequest, abilities: Abilities, deadline: float
    ) -> dict[str, Any]:
        import openai

        client = self._open()
        try:
            async with client.chat.completions.with_streaming_response.create(
                model=model,
                messages=(),
                # All of it goes as it stands: walking through it to look for what might need another form takes
                # the package a quarter of a call's time, and there is nothing.
                extra_body=_parameters(model, request, abilities),
                timeout=openai.Timeout(max(deadline - time.perf_counter(), 0.1), connect=_CONNECT_S),
            ) as response:
                return _completion(await _body(response.iter_bytes()), self.name)
        except _TryError:
            raise
        except openai.APIStatusError as error:
            raise self._status_failed(error) from error
        except openai.APITimeoutError as error:
            raise _TryError(
                f"{self._where()} did not answer in time: check the address and the connection.", again=True
            ) from error
        except openai.APIConnectionError as error:
            raise _TryError(
                f"{self._where()} could not be reached: check the address and the connection.", again=True
            ) from error
        except Exception as error:
            # Reading the body can fail with the errors of whichever HTTP library the SDK runs on.
            raise _TryError(
                f"{self._where()} broke off in the middle of its answer ({type(error).__name__}).", again=True
            ) from error

    def _open(self) -> AsyncOpenAI:
        if self._client is None:
            import openai

            self._client = openai.AsyncOpenAI(
                api_key=self._key or "none",
                base_url=self._base_url,
                max_retries=0,
                http_client=self._own_client(),
            )
        return self._client

    def _own_client(self) -> Any:
        """An HTTP client for this machine's own servers; None leaves the choice to the SDK."""
        if not self.on_this_machine:
            return None
        import ssl

        import openai

        # A proxy from the environment has no way to this machine's own loopback. Loading the certificates of
        # all authorities takes 30 ms that plain http does not need: this context trusts none of them.
        plain = urlsplit(self._base_url).scheme == "http"
        return openai.DefaultAsyncHttpxClient(
            trust_env=False, verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if plain else True
        )

    async def _model_id(self) -> str:
        async with self._finding_model:
            if not self._model:
                import openai

                try:
                    models = await self._open().models.list()
                    self._model = models.data[0].id
                except (openai.OpenAIError, IndexError, AttributeError, TypeError, ValueError) as error:
                    raise ModelError(
                        f"{self._where()} does not say which models it serves: name one with --model."
                    ) from error
                self.name = (
                    f"{self.name}/{self._model}" if self.name != "the endpoint's model" else self._model
                )
            return self._model

    def _status_failed(self, error: Any) -> _TryError:
        status = int(error.status_code)
        said = _plain(_complaint(error), self._key)
        where = self._where()
        if status == 401:
            return _TryError(f"{where} refused the API key: check it ({said}).", again=False)
        if status == 403:
            return _TryError(f"{where} does not allow this key to use {self.name} ({said}).", again=False)
        if status == 404 and "response_format" not in said:
            return _TryError(
                f"{where} has no model {self.name}, or no chat completions at this address ({said}).",
                again=False,
            )
        if status == 429 and re.search(
            r"insufficient_quota|insufficient balance|billing|arrears", said, re.I
        ):
            return _TryError(f"{where} says the account has no credit left ({said}).", again=False)
        if status in (400, 404, 405, 415, 422, 501):
            return _TryError(f"{where} refused the request ({status}: {said}).", again=False, complaint=said)
        if status == 500 and re.search(r"response_format|json_schema|grammar", said, re.I):
            return _TryError(f"{where} refused the request ({status}: {said}).", again=True, complaint=said)
        reason = "is asking for fewer requests" if status == 429 else "is out of order"
        return _TryError(
            f"{where} {reason} ({status}: {said}): try again later.",
            again=status in _WORTH_ANOTHER_TRY,
            wait_s=_retry_after_s(error.response.headers.get("retry-after")),
        )

    def _where(self) -> str:
        parts = urlsplit(self._base_url)
        # Host and port alone: an address can hold a name and a password.
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)

    def _read(self, completion: dict[str, Any], request: ChatRequest, seconds: float) -> ChatReply:
        choice = completion["choices"][0]
        message = choice.get("message")
        message = message if isinstance(message, dict) else {}
        finish_reason = str(choice.get("finish_reason") or "stop")
        text = _content(message.get("content"))
        refusal = message.get("refusal")
        if finish_reason == "content_filter" or (refusal and not text.strip()):
            raise ModelError(f"{self.name} refused to answer: {_plain(str(refusal or finish_reason), None)}.")
        usage = completion.get("usage")
        usage = usage if isinstance(usage, dict) else {}
        prompt, written = _tokens(usage.get("prompt_tokens")), _tokens(usage.get("completion_tokens"))
        counted = prompt is not None and written is not None
        if prompt is None:
            prompt = sum(count_tokens(m.content).tokens for m in request.messages)
        if written is None:
            written = count_tokens(text).tokens
        return ChatReply(text, prompt, written, finish_reason, seconds, not counted, self.name)


def _parameters(model: str, request: ChatRequest, abilities: Abilities) -> dict[str, Any]:
    parameters: dict[str, Any] = {
        "model": model,
        "messages": [{"role": m.role, "content": m.content} for m in request.messages],
    }
    if request.schema is not None and abilities.response_format == "json_schema":
        parameters["response_format"] = {
            "type": "json_schema",
            "json_schema": {"name": request.schema_name, "schema": dict(request.schema), "strict": True},
        }
    elif request.schema is not None and abilities.response_format == "json_object":
        parameters["response_format"] = {"type": "json_object"}
    if request.max_tokens is not None and abilities.max_tokens:
        parameters[abilities.max_tokens] = max(request.max_tokens, _LEAST_MAX_TOKENS)
    if request.temperature is not None and abilities.temperature:
        parameters["temperature"] = request.temperature
    if request.seed is not None and abilities.seed:
        parameters["seed"] = request.seed
    return parameters


async def _body(pieces: Any) -> bytes:
    body = bytearray()
    async for piece in pieces:
        body += piece
        if len(body) > _MOST_BYTES:
            raise _TryError(f"The endpoint's answer is longer than {_MOST_BYTES:,} bytes.", again=False)
    return bytes(body)


def _completion(body: bytes, name: str) -> dict[str, Any]:
    try:
        completion = json.loads(body)
    except (ValueError, RecursionError):
        if body.lstrip()[:1] == b"<":
            raise _TryError(
                f"The address of {name} answered with a web page: it is not the address of an API"
                " (most end in /v1).",
                again=False,
            ) from None
        raise _TryError(f"The answer of {name} is broken JSON.", again=True) from None
    if isinstance(completion, dict):
        choices = completion.get("choices")
        if isinstance(choices, list) and choices and isinstance(choices[0], dict):
            return completion
        if isinstance(completion.get("error"), dict):
            said = _plain(str(completion["error"].get("message", "")), None)
            raise _TryError(f"{name} answered with an error: {said}", again=True)
    raise _TryError(f"The answer of {name} is not a chat completion.", again=True)


def _content(content: object) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        # Some endpoints answer in parts.
        return "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return ""


def _tokens(count: object) -> int | None:
    """The endpoint's count when it can be one."""
    if isinstance(count, int) and not isinstance(count, bool) and 0 <= count <= _MOST_TOKENS:
        return count
    return None


def _complaint(error: Any) -> str:
    body = error.body
    if isinstance(body, dict):
        said = [
            str(body[key]) for key in ("message", "param", "code", "type", "detail", "error") if body.get(key)
        ]
        if said:
            return "; ".join(said)
    return str(body or error.message or "")


def _plain(text: str, key: str | None) -> str:
    """A server's words fit for one line of a message: short, without control characters, without the key."""
    if key:
        text = text.replace(key, "[key]")
    # Providers quote the key they refused, with or without its middle.
    text = re.sub(r"\b(?:sk|key|Bearer)[-_ ][\w*.-]{6,}", "[key]", text)
    text = re.sub(r"(?<=//)[^/@\s]+@", "", text)
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return text if len(text) <= 200 else f"{text[:197]}..."


def _retry_after_s(value: str | None) -> float | None:
    """Seconds to wait by a Retry-After header, which holds seconds or a date; None when it holds neither."""
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(value).timestamp() - time.time()
        except (ValueError, TypeError, OverflowError):
            return None
    return max(seconds, 0.0) if seconds == seconds else None
