"""`python -m benchmarks.mail_sink PORT`: a mail server that takes everything and keeps nothing but a count."""

import asyncio
import sys
from typing import Final

LINE_AT_MOST: Final = 16 * 1024 * 1024
_ANSWERS: Final = {
    b"EHLO": b"250-sink\r\n250-PIPELINING\r\n250 SIZE 33554432",
    b"DATA": b"354 go on",
    b"QUIT": b"221 bye",
}


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 sink\r\n")
    while line := await reader.readline():
        word = line[:4].upper()
        writer.write(_ANSWERS.get(word, b"250 ok") + b"\r\n")
        if word == b"DATA":
            await reader.readuntil(b"\r\n.\r\n")
            writer.write(b"250 taken\r\n")
        if word == b"QUIT":
            break
    await writer.drain()
    writer.close()


async def _listen(port: int) -> None:
    server = await asyncio.start_server(_serve, "127.0.0.1", port, limit=LINE_AT_MOST)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_listen(int(sys.argv[1])))
