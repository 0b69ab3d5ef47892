"""``matchmaker accounts``: who has an account, and the tokens of programs. No secret is ever an argument."""

import sys
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from recommender.cli.context import acting, application
from recommender.cli.localised import ZhCommand, ZhGroup
from recommender.cli.messages import accounts as zh
from recommender.cli.messages import common
from recommender.cli.output import answer, answers, notice, print_json
from recommender.cli.wrapping import Wrapped
from recommender.domain.accounts import (
    ROLE_LABELS,
    STATE_LABELS,
    Account,
    AccountChange,
    AccountDraft,
    AccountFilter,
    Reach,
    Role,
)
from recommender.domain.errors import InvalidInput
from recommender.domain.paging import MAX_PAGE_SIZE, PageRequest
from recommender.domain.tokens import AccessToken, scopes_named
from recommender.services.accounts.accounts import AccountService, AccountWithPassword

Json = Annotated[bool, typer.Option("--json", help=common.OPTION_JSON)]
LoginName = Annotated[str, typer.Argument(metavar="LOGIN", help=zh.ARGUMENT_LOGIN)]
Towns = Annotated[list[str] | None, typer.Option("--town", help=zh.OPTION_TOWN)]
Chains = Annotated[list[str] | None, typer.Option("--chain", help=zh.OPTION_CHAIN)]
City = Annotated[bool, typer.Option("--city", help=zh.OPTION_CITY)]
Generate = Annotated[bool, typer.Option("--generate", help=zh.OPTION_GENERATE)]

_DAYS = 90


def commands() -> typer.Typer:
    """``accounts`` and ``accounts tokens``."""
    people = typer.Typer(help=zh.ACCOUNTS_HELP, cls=ZhGroup, no_args_is_help=True)
    people.command("add", help=zh.ACCOUNTS_ADD_HELP, cls=ZhCommand)(add)
    people.command("list", help=zh.ACCOUNTS_LIST_HELP, cls=ZhCommand)(list_accounts)
    people.command("disable", help=zh.ACCOUNTS_DISABLE_HELP, cls=ZhCommand)(disable)
    people.command("enable", help=zh.ACCOUNTS_ENABLE_HELP, cls=ZhCommand)(enable)
    people.command("password", help=zh.ACCOUNTS_PASSWORD_HELP, cls=ZhCommand)(password)
    people.command("reach", help=zh.ACCOUNTS_REACH_HELP, cls=ZhCommand)(reach)
    keys = typer.Typer(help=zh.TOKENS_HELP, cls=ZhGroup, no_args_is_help=True)
    keys.command("add", help=zh.TOKENS_ADD_HELP, cls=ZhCommand)(add_token)
    keys.command("list", help=zh.TOKENS_LIST_HELP, cls=ZhCommand)(list_tokens)
    keys.command("revoke", help=zh.TOKENS_REVOKE_HELP, cls=ZhCommand)(revoke_token)
    people.add_typer(keys, name="tokens")
    return people


def add(
    ctx: typer.Context,
    login_name: LoginName,
    role: Annotated[str, typer.Option("--role", help=zh.OPTION_ROLE)],
    name: Annotated[str, typer.Option("--name", help=zh.OPTION_DISPLAY_NAME)] = "",
    town: Towns = None,
    chain: Chains = None,
    city: City = False,
    enterprise: Annotated[str, typer.Option("--enterprise", help=common.OPTION_ENTERPRISE)] = "",
    generate: Generate = False,
    json: Json = False,
) -> None:
    """Make an account."""
    draft = AccountDraft(
        login_name=login_name,
        display_name=name or login_name,
        role=_role(role),
        reach=_reach(town, chain, city=city),
        enterprise_code=enterprise,
    )
    password = None if generate or draft.role is Role.SERVICE else _ask_password()
    created = application(ctx).accounts.create(acting(), draft, password)
    _tell_password(created, zh.ACCOUNT_CREATED, json=json)
    if draft.role is Role.SERVICE and not json:
        notice(zh.ACCOUNT_SERVICE_NEXT.format(login_name=created.account.login_name))


def list_accounts(
    ctx: typer.Context,
    role: Annotated[str, typer.Option("--role", help=zh.OPTION_ROLE_FILTER)] = "",
    text: Annotated[str, typer.Option("--text", help=zh.OPTION_ACCOUNT_TEXT)] = "",
    json: Json = False,
) -> None:
    """List all accounts."""
    service = application(ctx).accounts
    found = _all(service, AccountFilter(role=_role(role) if role else None, text=text))
    if json:
        print_json(found)
    elif not found:
        answer(zh.NO_ACCOUNTS)
    else:
        answers.print(_table(found))


def disable(ctx: typer.Context, login_name: LoginName, json: Json = False) -> None:
    """Let nobody act with an account."""
    _tell(application(ctx).accounts.disable(acting(), login_name), zh.ACCOUNT_DISABLED, json=json)


def enable(ctx: typer.Context, login_name: LoginName, json: Json = False) -> None:
    """Take that back."""
    _tell(application(ctx).accounts.enable(acting(), login_name), zh.ACCOUNT_ENABLED, json=json)


def password(ctx: typer.Context, login_name: LoginName, generate: Generate = False, json: Json = False) -> None:
    """Give an account another password."""
    service = application(ctx).accounts
    # Before anybody types a password for an account that is not there.
    service.get(acting(), login_name)
    given = None if generate else _ask_password()
    _tell_password(service.reset_password(acting(), login_name, given), zh.PASSWORD_RESET, json=json)


def reach(
    ctx: typer.Context,
    login_name: LoginName,
    town: Towns = None,
    chain: Chains = None,
    city: City = False,
    json: Json = False,
) -> None:
    """Change what an account reaches."""
    change = AccountChange(reach=_reach(town, chain, city=city))
    _tell(application(ctx).accounts.change(acting(), login_name, change), zh.REACH_CHANGED, json=json)


def add_token(
    ctx: typer.Context,
    login_name: LoginName,
    name: Annotated[str, typer.Option("--name", help=zh.OPTION_TOKEN_NAME)],
    scope: Annotated[list[str], typer.Option("--scope", help=zh.OPTION_TOKEN_SCOPE)],
    days: Annotated[int, typer.Option("--days", help=zh.OPTION_TOKEN_DAYS)] = _DAYS,
    json: Json = False,
) -> None:
    """Make a token; its secret is the only thing on stdout, so that it can be piped on."""
    app = application(ctx)
    account = app.accounts.get(acting(), login_name)
    new = app.tokens.create(acting(), name, scopes_named(scope), days=days, account_id=account.id)
    if json:
        print_json(new)
    else:
        notice(zh.TOKEN_CREATED.format(id=new.token.id, until=f"{new.token.expires_at.astimezone():%Y-%m-%d}"))
        answer(new.secret)


def list_tokens(ctx: typer.Context, login_name: LoginName, json: Json = False) -> None:
    """List an account's tokens."""
    app = application(ctx)
    found = app.tokens.of(acting(), app.accounts.get(acting(), login_name).id)
    if json:
        print_json(found)
    elif not found:
        answer(zh.NO_TOKENS)
    else:
        answers.print(_token_table(found))


def revoke_token(
    ctx: typer.Context,
    login_name: LoginName,
    token_id: Annotated[str, typer.Argument(metavar="TOKEN", help=zh.ARGUMENT_TOKEN)],
) -> None:
    """Revoke a token."""
    app = application(ctx)
    app.tokens.revoke(acting(), token_id, account_id=app.accounts.get(acting(), login_name).id)
    answer(zh.TOKEN_REVOKED.format(id=token_id))


def _ask_password() -> str:
    """From the keyboard, twice and unseen; or the first line of what is piped in."""
    if sys.stdin.isatty():
        given: str = typer.prompt(
            zh.ASK_PASSWORD, hide_input=True, confirmation_prompt=zh.ASK_PASSWORD_AGAIN, err=True
        )
        return given
    return sys.stdin.readline().rstrip("\r\n")


def _role(name: str) -> Role:
    try:
        return Role(name)
    except ValueError:
        raise InvalidInput("account.role", role=name, known=zh.ROLES) from None


def _reach(towns: list[str] | None, chains: list[str] | None, *, city: bool) -> Reach:
    return Reach(whole_city=city, towns=frozenset(towns or ()), chains=frozenset(chains or ()))


def _all(service: AccountService, chosen: AccountFilter) -> list[Account]:
    found: list[Account] = []
    request = PageRequest(limit=MAX_PAGE_SIZE)
    while True:
        page = service.page(acting(), request, chosen)
        found += page.items
        if not page.next_cursor:
            return found
        request = PageRequest(limit=MAX_PAGE_SIZE, cursor=page.next_cursor)


def _tell(account: Account, sentence: str, *, json: bool) -> None:
    if json:
        print_json(account)
    else:
        answer(sentence.format(login_name=account.login_name, reach=_reach_text(account)))


def _tell_password(result: AccountWithPassword, sentence: str, *, json: bool) -> None:
    if json:
        print_json(result)
        return
    _tell(result.account, sentence, json=False)
    if result.password:
        answer(zh.FIRST_PASSWORD.format(password=result.password))


def _table(accounts: list[Account]) -> Table:
    table = Table(*zh.ACCOUNT_HEADERS)
    for account in accounts:
        last = account.last_login_at
        table.add_row(
            account.login_name,
            account.display_name,
            ROLE_LABELS[account.role],
            Wrapped(Text(_reach_text(account))),
            STATE_LABELS[account.state],
            f"{last.astimezone():%Y-%m-%d %H:%M}" if last else common.NOTHING,
        )
    return table


def _reach_text(account: Account) -> str:
    if account.role is Role.ENTERPRISE:
        return account.enterprise_code
    if account.reach.whole_city:
        return common.WHOLE_CITY
    return "、".join([*sorted(account.reach.towns), *sorted(account.reach.chains)]) or common.NOTHING


def _token_table(tokens: list[AccessToken]) -> Table:
    table = Table(*zh.TOKEN_HEADERS)
    table.columns[0].no_wrap = True
    table.columns[0].min_width = len(tokens[0].id)
    for token in tokens:
        ends = token.revoked_at or token.expires_at
        state = zh.TOKEN_ENDED if token.revoked_at else zh.TOKEN_UNTIL
        table.add_row(
            token.id,
            token.name,
            Wrapped(Text("、".join(sorted(token.scopes)))),
            state.format(at=f"{ends.astimezone():%Y-%m-%d}"),
            str(token.last_used_on or common.NOTHING),
        )
    return table
