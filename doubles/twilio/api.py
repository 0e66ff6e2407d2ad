"""Twilio's Messages resource (API 2010-04-01), and the doors of the test: a phone's screen, faults."""

import secrets
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Form, Query, Response
from fastapi.security import HTTPBasic, HTTPBasicCredentials
from pydantic import BaseModel

from doubles.http import Refused, Unreachable, dawdle, new_app
from doubles.twilio.account import API_VERSION, Account, Fault, TwilioError
from doubles.twilio.segments import count_segments


class Phone(BaseModel):
    """Whose screen is looked at; in the body, for a number must not stand in an address."""

    phone: str


class FaultOrder(BaseModel):
    """How new messages fail: to one number, or to all."""

    mode: Fault
    to: str | None = None


def make_app(account: Account, account_sid: str, auth_token: str) -> FastAPI:
    """The double as one application."""
    app = new_app("Twilio (test)")
    basic = HTTPBasic(realm="Twilio API")

    def authorised(given: Annotated[HTTPBasicCredentials, Depends(basic)]) -> None:
        right_name = secrets.compare_digest(given.username.encode(), account_sid.encode())
        right_word = secrets.compare_digest(given.password.encode(), auth_token.encode())
        if not (right_name and right_word):
            raise Refused(401, TwilioError(401, 20003, "Authenticate").body())

    path = f"/{API_VERSION}/Accounts/{account_sid}/Messages"
    _sending(app, account, account_sid, path, authorised)
    _reading(app, account, account_sid, path, authorised)
    _test_doors(app, account)
    return app


def _sending(app: FastAPI, account: Account, account_sid: str, path: str, authorised: Any) -> None:
    @app.post(f"{path}.json", status_code=201, dependencies=[Depends(authorised)], response_model=None)
    async def create(
        to: Annotated[str, Form(alias="To")],
        body: Annotated[str, Form(alias="Body")] = "",
        sender: Annotated[str, Form(alias="From")] = "",
        service: Annotated[str, Form(alias="MessagingServiceSid")] = "",
    ) -> dict[str, Any] | Response:
        match account.fault_for(to):
            case Fault.UNREACHABLE:
                return Unreachable()
            case Fault.SLOW:
                await dawdle()
            case _:
                pass
        try:
            return account.take(to, sender or service, body).shown(account_sid)
        except TwilioError as error:
            raise Refused(error.status, error.body()) from error


def _reading(app: FastAPI, account: Account, account_sid: str, path: str, authorised: Any) -> None:
    @app.get(f"{path}.json", dependencies=[Depends(authorised)])
    def search(
        to: Annotated[str | None, Query(alias="To")] = None,
        size: Annotated[int, Query(alias="PageSize", ge=1, le=1000)] = 50,
        page: Annotated[int, Query(alias="Page", ge=0)] = 0,
    ) -> dict[str, Any]:
        found = account.sent_to(to)[::-1]
        shown = [message.shown(account_sid) for message in found[page * size : (page + 1) * size]]
        more = f"{path}.json?PageSize={size}&Page={page + 1}" if len(found) > (page + 1) * size else None
        return {"messages": shown, "page": page, "page_size": size, "next_page_uri": more, "uri": f"{path}.json"}

    @app.get(f"{path}/{{sid}}.json", dependencies=[Depends(authorised)])
    def fetch(sid: str) -> dict[str, Any]:
        for message in account.messages:
            if message.sid == sid:
                return message.shown(account_sid)
        raise Refused(404, TwilioError(404, 20404, "The requested resource was not found").body())


def _test_doors(app: FastAPI, account: Account) -> None:
    @app.post("/inbox")
    def inbox(phone: Phone) -> list[dict[str, Any]]:
        return [
            {
                "from": message.sender,
                "text": message.body,
                "at": message.taken_at.isoformat(),
                "segments": count_segments(message.body),
            }
            for message in account.sent_to(phone.phone)
        ]

    @app.put("/faults", status_code=204)
    def set_fault(order: FaultOrder) -> None:
        if order.to is None:
            account.fault = order.mode
            account.faults_by_number.clear()
        else:
            account.faults_by_number[order.to] = order.mode
