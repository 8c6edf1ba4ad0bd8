"""What a browser asks of the dashboard."""

from django.test import Client


def page_call(pathname: str) -> dict:
    """What the browser posts to show a page."""
    return {
        "output": "page.children",
        "outputs": {"id": "page", "property": "children"},
        "inputs": [{"id": "url", "property": "pathname", "value": pathname}],
        "state": [{"id": "url", "property": "search", "value": ""}],
        "changedPropIds": ["url.pathname"],
    }


def show(client: Client, pathname: str):
    client.get("/dashboard/")
    token = client.cookies["csrftoken"].value if "csrftoken" in client.cookies else ""
    return client.post(
        "/dashboard/_dash-update-component",
        page_call(pathname),
        content_type="application/json",
        headers={"X-CSRFToken": token},
    )
