"""Opens reports in a headless Chromium and uses them as a reader with a keyboard and without
colours would: nothing is fetched, nothing is complained of, every <details> opens by keys,
every picture has a name, an ordinary screen is wide enough.  browser.py CHROMIUM
PAGE...; called by `make test-browser`."""

import json
import os
import shutil
import subprocess
import sys
import tempfile


class Browser:
    """Chromium's DevTools protocol over a pipe: JSON, ended by zero bytes."""

    def __init__(self, program):
        to_browser, self.write_end = os.pipe()
        self.read_end, from_browser = os.pipe()
        self.profile = tempfile.mkdtemp(prefix="droste-browser-")

        def pass_pipes():
            os.dup2(to_browser, 103)
            os.dup2(from_browser, 104)
            os.dup2(103, 3)
            os.dup2(104, 4)

        self.process = subprocess.Popen(
            [program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-pipe",
             f"--user-data-dir={self.profile}", "about:blank"],
            close_fds=False, preexec_fn=pass_pipes, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.number, self.rest, self.events, self.session = 0, b"", [], None

    def receive(self):
        while b"\0" not in self.rest:
            piece = os.read(self.read_end, 1 << 16)
            assert piece, "the browser has ended"
            self.rest += piece
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.write_end, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                assert "error" not in answer, answer
                return answer["result"]
            self.events.append(answer)

    def value(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def key(self, key, code, text=""):
        named = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **named)
        self.call("Input.dispatchKeyEvent", type="keyUp", **named)

    def open(self, path):
        if not self.session:
            targets = self.call("Target.getTargets")["targetInfos"]
            page = next(t["targetId"] for t in targets if t["type"] == "page")
            self.session = self.call("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
            for domain in ("Page", "Network", "Log", "Runtime"):
                self.call(f"{domain}.enable")
        self.events = []
        self.call("Page.navigate", url="file://" + os.path.realpath(path))
        while not any(e.get("method") == "Page.loadEventFired" for e in self.events):
            self.events.append(self.receive())

    def close(self):
        self.session = None
        self.call("Browser.close")
        self.process.wait(20)
        shutil.rmtree(self.profile, ignore_errors=True)


def check(good, what):
    global failed, passed
    passed += bool(good)
    failed += not good
    if not good:
        print(f"browser.py: {what}")


def check_page(browser, path):
    browser.open(path)
    requests = [e["params"]["request"]["url"] for e in browser.events if e.get("method") == "Network.requestWillBeSent"]
    check(all(url.startswith("file:") for url in requests) and len(requests) == 1, f"{path} fetches {requests}")
    check(not any(e.get("method") in ("Log.entryAdded", "Runtime.exceptionThrown") for e in browser.events), f"{path}: the browser complains")
    check(browser.value("document.compatMode") == "CSS1Compat" and browser.value("document.querySelectorAll('main').length") == 1,
          f"{path} is no whole page")
    # Keys alone: Tab goes to every link and summary, Enter opens and closes.
    wanted = browser.value("document.querySelectorAll('a[href],summary').length")
    reached = set()
    for _ in range(4 * wanted + 8):
        browser.key("Tab", 9)
        where = browser.value("[...document.querySelectorAll('a[href],summary')].indexOf(document.activeElement)")
        if where in reached:
            break
        if where >= 0:
            reached.add(where)
            outline = browser.value("getComputedStyle(document.activeElement).outlineStyle")
            check(outline != "none", f"{path}: focus {where} cannot be seen")
        if browser.value("document.activeElement.tagName") == "SUMMARY" and not browser.value("document.activeElement.parentNode.open"):
            browser.key("Enter", 13, "\r")
            check(browser.value("document.activeElement.parentNode.open"), f"{path}: Enter does not open summary {where}")
    wanted = browser.value("document.querySelectorAll('a[href],summary').length")
    check(len(reached) == wanted, f"{path}: Tab reaches {len(reached)} of {wanted}")
    # No colours: what is forced on high-contrast readers, and print.
    browser.call("Emulation.setEmulatedMedia", features=[{"name": "forced-colors", "value": "active"}])
    check(browser.value("[...document.querySelectorAll('summary strong')].every(s => /passed|partly|failed|not run/.test(s.parentNode.textContent))"),
          f"{path}: a state is not said in words")
    check(browser.value("[...document.querySelectorAll('td.differs')].every(d => /differs/.test(d.textContent))"), f"{path}: a difference is shown by style only")
    check(browser.value("[...document.querySelectorAll('svg')].every(s => s.getAttribute('role') == 'img' && s.getAttribute('aria-label'))"),
          f"{path}: a picture has no name")
    browser.call("Emulation.setEmulatedMedia", features=[])
    # An ordinary screen holds it.
    browser.call("Emulation.setDeviceMetricsOverride", width=1280, height=800, deviceScaleFactor=1, mobile=False)
    check(browser.value("document.documentElement.scrollWidth <= innerWidth"), f"{path} is wider than a screen")
    check(browser.value("[...document.querySelectorAll('svg')].every(s => s.getBoundingClientRect().width > 0)"), f"{path}: a picture is not drawn")


failed, passed = 0, 0
reader = Browser(sys.argv[1])
for page in sys.argv[2:]:
    check_page(reader, page)
reader.close()
print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0)
