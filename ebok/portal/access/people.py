"""Answers for the list of people with access, for one of them, and for taking access away or giving it up."""

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from ebok.access.domain import AccountAction, AccountGrant, GrantRole
from ebok.access.operations import UnableToGrant, UnableToInvite, take_back, withdraw_invitation
from ebok.access.queries import open_invitations, people_with_access, waiting_requests
from ebok.customers import queries as customers
from ebok.customers.domain import CustomerScope
from ebok.foundation import clock
from ebok.portal.access.deeds import deeds_of
from ebok.portal.access.lines import AccountCard, Known, cards, person
from ebok.portal.invoices.choices import LARGEST_ID, whole_number
from ebok.portal.premises.search import in_order
from ebok.portal.scope import acting_user, chosen_account, customer_view, held_grants
from ebok.web.step_up import fresh_sign_in

EVERYWHERE: Final = "wszystkie"
CARDS_ON_A_PAGE: Final = 20
GONE: Final = "Ta osoba nie ma już dostępu."


@customer_view(AccountAction.SEE_ACCOUNT)
@require_safe
def access_list(request: HttpRequest, *, scope: CustomerScope) -> HttpResponse:
    """Show who has access to the premises looked at, or to all of them when asked to."""
    places, chosen = in_order(customers.premises(scope=scope)), chosen_account(request, scope)
    everywhere = request.GET.get("lokale") == EVERYWHERE and len(places) > 1
    scope = scope if everywhere or chosen is None else scope.narrowed(chosen)
    found = cards([one for one in places if scope.allows(one.account_id)], _known(request, scope))
    shown = [card for card in found if not (everywhere and card.only_me)]
    context = {
        "premises": places,
        "chosen": chosen,
        "everywhere": everywhere,
        "several": str(len(places)) if len(places) > 1 else "",
        "only_mine": str(len(found) - len(shown)) if len(found) > len(shown) else "",
        "can_invite": bool(held_grants(request).scope(AccountAction.MANAGE_ACCESS).account_ids),
        "here": reverse("access_list"),
        **_paged(request, shown),
    }
    return render(request, "portal/access/list.html", context)


def _known(request: HttpRequest, scope: CustomerScope) -> Known:
    managed = held_grants(request).scope(AccountAction.MANAGE_ACCESS)
    ids = frozenset(one for one in scope.account_ids or () if managed.allows(one))
    theirs = CustomerScope.for_accounts(ids, reason=scope.reason)
    return Known(
        user_id=request.user.pk or 0,
        managed=ids,
        people=tuple(people_with_access(scope=scope, today=clock.today())),
        invitations=tuple(open_invitations(scope=theirs, now=clock.now())),
        requests=tuple(waiting_requests(scope=theirs)),
    )


def _paged(request: HttpRequest, shown: list[AccountCard]) -> dict[str, Any]:
    page, here = max(whole_number(request.GET.get("strona", "")) or 1, 1), reverse("access_list")
    last = max(-(-len(shown) // CARDS_ON_A_PAGE), 1)
    at = f"{here}?lokale={EVERYWHERE}&strona="
    return {
        "cards": shown[(page - 1) * CARDS_ON_A_PAGE : page * CARDS_ON_A_PAGE],
        "before_url": f"{at}{min(page - 1, last)}" if page > 1 else "",
        "after_url": f"{at}{page + 1}" if page < last else "",
    }


@customer_view(AccountAction.MANAGE_ACCESS)
@require_safe
def access_person(request: HttpRequest, grant_id: int, *, scope: CustomerScope) -> HttpResponse:
    """Show one person's access and what they did with it."""
    held = _held(scope, grant_id)
    context = {
        **_place(scope, held.account_id),
        "person": person(held, me=request.user.pk or 0),
        "deeds": deeds_of(scope=scope.narrowed(held.account_id), user_id=held.user_id),
        "take_url": "" if held.role is GrantRole.OWNER else reverse("access_take_back", args=[held.grant_id]),
    }
    return render(request, "portal/access/person.html", context)


@customer_view(AccountAction.MANAGE_ACCESS)
@fresh_sign_in
@require_http_methods(["GET", "HEAD", "POST"])
def access_take_back(request: HttpRequest, grant_id: int, *, scope: CustomerScope) -> HttpResponse:
    """Ask once, then take the access away; the person's next request finds it gone."""
    held = _held(scope, grant_id)
    if held.role is GrantRole.OWNER:
        raise Http404
    if request.method == "POST":
        return _closed(request, held, scope, said=f"{held.name} nie ma już dostępu do tego konta.")
    words = _place(scope, held.account_id) | {
        "title": "Odbierz dostęp",
        "lead": f"{held.name} od razu przestanie widzieć to konto, także jeśli teraz z niego korzysta.",
        "after": "Wyślemy tej osobie wiadomość. Dostęp możesz dać ponownie, wysyłając nowe zaproszenie.",
        "button": "Odbierz dostęp",
        "back_url": reverse("access_person", args=[grant_id]),
    }
    return render(request, "portal/access/confirm.html", words)


@customer_view(AccountAction.SEE_ACCOUNT)
@fresh_sign_in
@require_http_methods(["GET", "HEAD", "POST"])
def access_leave(request: HttpRequest, grant_id: int, *, scope: CustomerScope) -> HttpResponse:
    """Ask once, then give up one's own access."""
    held = _held(scope, grant_id)
    if held.user_id != request.user.pk or held.role is GrantRole.OWNER:
        raise Http404
    if request.method == "POST":
        return _closed(request, held, scope.narrowed(held.account_id), said="Nie masz już dostępu do tego konta.")
    words = _place(scope, held.account_id) | {
        "title": "Zrezygnuj z dostępu",
        "lead": "Od razu przestaniesz widzieć to konto.",
        "after": "Jeśli zmienisz zdanie, poproś właściciela konta o nowe zaproszenie.",
        "button": "Zrezygnuj z dostępu",
        "back_url": reverse("access_list"),
    }
    return render(request, "portal/access/confirm.html", words)


@customer_view(AccountAction.MANAGE_ACCESS)
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_withdraw(request: HttpRequest, invitation_id: int, *, scope: CustomerScope) -> HttpResponse:
    """Ask once, then withdraw an invitation; its code works no more."""
    now = clock.now()
    row = next((i for i in open_invitations(scope=scope, now=now) if i.invitation_id == invitation_id), None)
    if row is None:
        raise Http404
    if request.method == "POST":
        try:
            withdraw_invitation(scope=scope, invitation_id=invitation_id, acting=acting_user(request), now=now)
        except UnableToInvite as unable:
            raise Http404 from unable
        messages.success(request, f"Zaproszenie jest wycofane: {row.invitee}.")
        return redirect("access_list")
    words = _place(scope, row.account_id) | {
        "title": "Wycofaj zaproszenie",
        "lead": f"Kod, który ma {row.invitee}, przestanie działać.",
        "after": "Zaproszenie możesz wysłać ponownie.",
        "button": "Wycofaj zaproszenie",
        "back_url": reverse("access_list"),
    }
    return render(request, "portal/access/confirm.html", words)


def _closed(request: HttpRequest, held: AccountGrant, scope: CustomerScope, *, said: str) -> HttpResponse:
    try:
        take_back(scope=scope, grant_id=held.grant_id, acting=acting_user(request), now=clock.now())
    except UnableToGrant:
        messages.info(request, GONE)
    else:
        messages.success(request, said)
    return redirect("access_list")


def _held(scope: CustomerScope, grant_id: int) -> AccountGrant:
    """Return one grant in force.

    :raises Http404: when it is not in scope.
    """
    if grant_id <= LARGEST_ID:
        for held in people_with_access(scope=scope, today=clock.today()):
            if held.grant_id == grant_id:
                return held
    raise Http404


def _place(scope: CustomerScope, account_id: int) -> dict[str, str]:
    found = customers.premises(scope=scope.narrowed(account_id))
    return {"place": found[0].address.words or found[0].name, "number": found[0].number} if found else {}
