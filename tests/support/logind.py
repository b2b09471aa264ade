#!/usr/bin/python3
"""Stands in for logind: says on standard output, one JSON value a line, who keeps the computer awake and who lets go.

usage: logind.py      at DBUS_SYSTEM_BUS_ADDRESS
"""
import json
import os

import dbus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib


def say(**told):
    print(json.dumps(told), flush=True)


class Manager(dbus.service.Object):
    @dbus.service.method("org.freedesktop.login1.Manager", in_signature="ssss", out_signature="h")
    def Inhibit(self, what, who, why, mode):
        # As with the real one: the lock is a pipe, and whoever closes their end of it lets go.
        ours, theirs = os.pipe()
        say(locks=str(what), who=str(who), why=str(why), mode=str(mode))
        GLib.io_add_watch(ours, GLib.IO_HUP, self.released, str(what))
        answer = dbus.types.UnixFd(theirs)
        os.close(theirs)
        return answer

    def released(self, ours, _condition, what):
        os.close(ours)
        say(releases=what)
        return False


def main():
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    bus = dbus.SystemBus()
    name = dbus.service.BusName("org.freedesktop.login1", bus)
    manager = Manager(bus, "/org/freedesktop/login1")
    say(ready=True)
    GLib.MainLoop().run()
    del name, manager


if __name__ == "__main__":
    main()
