#!/usr/bin/python3
"""Asks and steers the tray on the session bus; one JSON value on standard output.

usage: session-bus.py items
       session-bus.py item SERVICE PATH       tooltip, icon and menu of one item
       session-bus.py activate SERVICE PATH   as if a person clicked the item
       session-bus.py click SERVICE MENU ID   as if a person chose it
       session-bus.py hang NAME               takes this name and never answers a call
       session-bus.py watch REFUSALS          keeps the tray's list; no host shows it before the signal USR1, and so
                                              many registrations are refused first
"""
import base64
import hashlib
import json
import signal
import sys

import dbus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
BUS = dbus.SessionBus()
ITEM = "org.kde.StatusNotifierItem"
MENU = "com.canonical.dbusmenu"
WATCHER = "org.kde.StatusNotifierWatcher"

def plain(value):
    """A D-Bus value as JSON knows it."""
    if isinstance(value, dbus.Boolean):
        return bool(value)
    if isinstance(value, dbus.ByteArray):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, (dbus.Dictionary, dict)):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (dbus.Array, dbus.Struct, list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    return str(value)

def items():
    watcher = BUS.get_object(WATCHER, "/StatusNotifierWatcher")
    names = watcher.Get(WATCHER, "RegisteredStatusNotifierItems", dbus_interface=dbus.PROPERTIES_IFACE)
    found = []
    for name in names:
        service, slash, path = str(name).partition("/")
        found.append({"service": service, "path": slash + path if slash else "/StatusNotifierItem"})
    return found

def entry(node):
    number, properties, children = node
    told = {"id": int(number), "label": str(properties.get("label", "")).replace("_", ""),
            "enabled": bool(properties.get("enabled", True)), "visible": bool(properties.get("visible", True)),
            "separator": str(properties.get("type", "")) == "separator"}
    told["children"] = [entry(child) for child in children]
    return told

def icon(properties):
    """What tells two icons apart: their pixels, or the file that they come from."""
    pixmaps = properties.get("IconPixmap", [])
    if pixmaps:
        digest = hashlib.sha256()
        for width, height, pixels in pixmaps:
            digest.update(b"%d %d " % (width, height) + bytes(pixels))
        return digest.hexdigest()
    name = str(properties.get("IconName", ""))
    folder = str(properties.get("IconThemePath", ""))
    for path in (name, f"{folder}/{name}", f"{folder}/{name}.png"):
        try:
            with open(path, "rb") as file:
                return hashlib.sha256(file.read()).hexdigest()
        except OSError:
            continue
    return name

def tooltip(properties):
    told = properties.get("ToolTip")
    return str(told[2]) if told else ""

def item(service, path):
    properties = BUS.get_object(service, path).GetAll(ITEM, dbus_interface=dbus.PROPERTIES_IFACE)
    menu = str(properties.get("Menu", ""))
    _, layout = BUS.get_object(service, menu).GetLayout(0, -1, dbus.Array([], signature="s"), dbus_interface=MENU)
    return {"id": str(properties.get("Id", "")), "title": str(properties.get("Title", "")),
            "tooltip": tooltip(properties), "status": str(properties.get("Status", "")),
            "icon": icon(properties), "menu": menu, "entries": entry(layout)["children"]}

def activate(service, path):
    BUS.get_object(service, path).Activate(dbus.Int32(0), dbus.Int32(0), dbus_interface=ITEM)
    return True

def click(service, menu, number):
    BUS.get_object(service, menu).Event(dbus.Int32(int(number)), "clicked", dbus.String("", variant_level=1),
                                        dbus.UInt32(0), dbus_interface=MENU)
    return True

def hang(name):
    # Nothing here ever reads what comes.
    BUS.request_name(name)
    signal.pause()

class Watcher(dbus.service.Object):
    def __init__(self, refusals):
        self.refusals = refusals
        self.properties = {"IsStatusNotifierHostRegistered": False,
                           "RegisteredStatusNotifierItems": dbus.Array([], signature="s")}
        super().__init__(BUS, "/StatusNotifierWatcher")

    @dbus.service.method(WATCHER, in_signature="s")
    def RegisterStatusNotifierItem(self, service):
        if self.refusals > 0:
            self.refusals -= 1
            raise dbus.DBusException("not now")
        self.properties["RegisteredStatusNotifierItems"].append(service + "/StatusNotifierItem")

    @dbus.service.method(dbus.PROPERTIES_IFACE, in_signature="ss", out_signature="v")
    def Get(self, _, name):
        return self.properties[name]

    @dbus.service.signal(WATCHER)
    def StatusNotifierHostRegistered(self):
        self.properties["IsStatusNotifierHostRegistered"] = True

def watch(refusals):
    watcher = Watcher(int(refusals))
    BUS.request_name(WATCHER)
    GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, signal.SIGUSR1, watcher.StatusNotifierHostRegistered)
    GLib.MainLoop().run()

def main():
    deeds = {"items": items, "item": item, "activate": activate, "click": click, "hang": hang,
             "watch": watch}
    print(json.dumps(plain(deeds[sys.argv[1]](*sys.argv[2:])), ensure_ascii=False))

if __name__ == "__main__":
    main()
