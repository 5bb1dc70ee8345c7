"""A door before localstripe that keeps idempotency keys the way Stripe's documentation says, which localstripe does not:
the same key with the same request gets the first answer again, with another request an error, while the first is under way 409.
`POST /_lose?path=…` loses the answer of the next request to that path after it was done."""
import argparse
import asyncio

import aiohttp
from aiohttp import web

answers, under_way, lose = {}, set(), []


def error(status, kind, code=None):
    return web.json_response({"error": {"type": kind, "code": code, "message": kind}}, status=status)


async def ask_to_lose(request):
    lose.append(request.query["path"])
    return web.Response()


async def pass_on(request):
    body = await request.read()
    key = request.headers.get("Idempotency-Key")
    asked = (request.method, request.path_qs, body)
    # A request without a key stands in nobody's way.
    if key and key in under_way:
        return error(409, "idempotency_error", "idempotency_key_in_use")
    if key in answers and answers[key][0] != asked:
        return error(400, "idempotency_error")
    if key not in answers:
        if key:
            under_way.add(key)
        try:
            headers = {name: request.headers[name] for name in ("Authorization", "Content-Type") if name in request.headers}
            async with aiohttp.ClientSession() as session:
                url = request.app["target"] + request.path_qs
                async with session.request(request.method, url, data=body, headers=headers) as answer:
                    kept = (answer.status, await answer.read())
        finally:
            under_way.discard(key)
        if key:
            answers[key] = (asked, kept)
    else:
        kept = answers[key][1]
    if request.path in lose:
        lose.remove(request.path)
        request.transport.close()
    return web.Response(status=kept[0], body=kept[1], content_type="application/json")


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--target", required=True)
    arguments = parser.parse_args()
    app = web.Application()
    app["target"] = arguments.target
    app.router.add_post("/_lose", ask_to_lose)
    app.router.add_route("*", "/{path:.*}", pass_on)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", arguments.port).start()
    print(arguments.port, flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
