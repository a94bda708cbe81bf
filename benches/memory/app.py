"""The anti-pattern: a web application whose lifespan starts the compiler of its style sheets, and watches."""

import asyncio
import contextlib
import hashlib
import os
import pathlib

import aiosqlite
import fastapi
from fastapi.staticfiles import StaticFiles

HERE = pathlib.Path(os.environ["WATCHED"])


@contextlib.asynccontextmanager
async def lifespan(app: fastapi.FastAPI):
    watcher = await asyncio.create_subprocess_exec(
        str(HERE / "node_modules/.bin/tailwindcss"),
        *("--input", str(HERE / "input.css"), "--output", str(HERE / "static/app.css"), "--watch=always"),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    app.state.cache = {}
    app.state.database = await aiosqlite.connect(HERE / "app.db")
    await app.state.database.execute("CREATE TABLE IF NOT EXISTS seen (hash TEXT, size INTEGER)")
    yield
    await app.state.database.close()
    watcher.terminate()
    await watcher.wait()


app = fastapi.FastAPI(lifespan=lifespan)
app.mount("/static", StaticFiles(directory=HERE / "static"))


@app.post("/api/identify")
async def identify(request: fastapi.Request):
    body = await request.body()
    digest = hashlib.sha256(body).hexdigest()
    verdict = app.state.cache.setdefault(digest, {"sha256": digest, "size": len(body)})
    await app.state.database.execute("INSERT INTO seen VALUES (?, ?)", (digest, len(body)))
    await app.state.database.commit()
    return verdict


@app.get("/readyz")
async def ready():
    return {"phase": "ready"}
