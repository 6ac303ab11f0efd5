"""Walls around a worker: no network, bounded memory, gone when its parent is gone.

A filter of system calls binds the thread that sets it and those it starts later. The store
starts threads when it opens, so the walls stand before.
"""

import ctypes
import errno
import os
import platform
import resource
import signal
import socket
import struct

_PR_SET_PDEATHSIG = 1
_PR_SET_SECCOMP = 22
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_MODE_FILTER = 2
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000

# Berkeley Packet Filter, as the kernel's headers linux/filter.h and linux/seccomp.h number it.
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_AT_NUMBER, _AT_ARCHITECTURE = 0, 4
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
_X32 = 0x40000000
"""Numbers from here on are the same calls again, under the second ABI of x86."""

_REFUSED = {
    # socket, io_uring_setup, execve, execveat, ptrace
    "x86_64": (0xC000003E, (41, 425, 59, 322, 101)),
    "aarch64": (0xC00000B7, (198, 425, 221, 281, 117)),
}


class WallError(RuntimeError):
    """A wall does not stand, so nothing may run behind it."""

    def __init__(self, wall: str, problem: str) -> None:
        super().__init__(wall, problem)
        self.wall = wall
        self.problem = problem

    def __str__(self) -> str:
        return f"queries cannot be shut off from the {self.wall} on this machine: {self.problem}"


def raise_walls(memory: int) -> None:
    """Shut this process off from the network and from more than so many bytes of memory.

    Raises:
        WallError: a socket can still be had.
    """
    _die_with_parent()
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    library = ctypes.CDLL(None, use_errno=True)
    # Where a user may have namespaces of his own this is a second wall behind the filter.
    library.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    _filter(library)
    _prove()


def _die_with_parent() -> None:
    library = ctypes.CDLL(None, use_errno=True)
    library.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() == 1:
        raise WallError("end of the service", "its parent is gone already")


def _filter(library: ctypes.CDLL) -> None:
    try:
        architecture, refused = _REFUSED[platform.machine()]
    except KeyError:
        raise WallError("network", f"no filter is known for {platform.machine()}") from None
    code = _program(architecture, refused)
    buffer = ctypes.create_string_buffer(code)

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))

    program = Program(len(code) // 8, ctypes.addressof(buffer))
    for arguments in (
        (_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
        (_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0),
    ):
        if library.prctl(*arguments) != 0:
            raise WallError("network", os.strerror(ctypes.get_errno()))


def _program(architecture: int, refused: tuple[int, ...]) -> bytes:
    """A filter that refuses these calls, every call of another architecture, and the second ABI."""
    count = len(refused)
    steps = [
        (_LOAD, 0, 0, _AT_ARCHITECTURE),
        (_EQUAL, 0, count + 3, architecture),
        (_LOAD, 0, 0, _AT_NUMBER),
        (_AT_LEAST, count + 1, 0, _X32),
        *((_EQUAL, count - at, 0, number) for at, number in enumerate(refused)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def _prove() -> None:
    for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX):
        try:
            socket.socket(family).close()
        except PermissionError:
            continue
        except OSError as other:
            if other.errno == errno.EAFNOSUPPORT:
                continue
            raise WallError("network", str(other)) from None
        raise WallError("network", "a socket can still be opened")
