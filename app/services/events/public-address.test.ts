import { expect, test } from "vitest";
import { faultOfUrl } from "./post-to-address.server.ts";
import { isLoopbackAddress, isPublicAddress } from "./public-address.ts";

test("addresses of the public internet are told from all others", () => {
  for (const address of [
    "8.8.8.8",
    "1.1.1.1",
    "172.15.255.255",
    "172.32.0.1",
    "2606:4700::1111",
    "2a00:1450::1",
  ])
    expect([address, isPublicAddress(address)]).toEqual([address, true]);
  for (const address of [
    ...["0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.255"],
    ...["192.168.1.1", "198.18.0.1", "203.0.113.9", "224.0.0.1", "255.255.255.255", "::", "::1"],
    ...[
      "::ffff:127.0.0.1",
      "::ffff:8.8.8.8",
      "::ffff:a00:1",
      "::127.0.0.1",
      "64:ff9b::a00:1",
      "fe80::1",
      "fc00::1",
    ],
    ...[
      "fd12::1",
      "ff02::1",
      "2001:db8::1",
      "2001::1",
      "2002:7f00:1::",
      "2002:a00:1::",
      "3fff::1",
      "fe80::1%eth0",
    ],
    ...["", "localhost", "8.8.8.8.", "08.8.8.8", "2130706433"],
  ])
    expect([address, isPublicAddress(address)]).toEqual([address, false]);
  expect(["127.8.9.1", "::1", "::ffff:127.0.0.1"].map(isLoopbackAddress)).toEqual([true, true, true]);
  expect(["10.0.0.1", "8.8.8.8", "localhost", "::2"].some(isLoopbackAddress)).toBe(false);
});

test("an address that could never be posted to is refused before anything is asked", () => {
  const fault = (url: string, allowsLocal = false) => faultOfUrl(url, { allowsLocal });
  expect(fault("https://hooks.example.com/points?x=1")).toBeNull();
  expect(fault("https://8.8.8.8:8443/")).toBeNull();
  for (const url of ["", "points", "https://", `https://example.com/${"x".repeat(2_000)}`])
    expect([url, fault(url)]).toEqual([url, "not-an-address"]);
  for (const url of ["http://example.com", "ftp://example.com", "file:///etc/passwd", "javascript:alert(1)"])
    expect([url, fault(url)]).toEqual([url, "not-https"]);
  expect(fault("https://user:secret@example.com")).toBe("names-a-user");
  for (const url of [
    ...["https://127.0.0.1", "https://2130706433", "https://0x7f.1", "https://0177.0.0.1", "https://127.1"],
    ...[
      "https://[::1]",
      "https://[::ffff:10.0.0.1]",
      "https://169.254.169.254/latest/meta-data",
      "https://10.0.0.1",
    ],
    ...["https://localhost", "https://database", "https://[fd00::1]:8443/"],
  ])
    expect([url, fault(url)]).toEqual([url, "private-address"]);
  // The setting opens this machine, and nothing else.
  expect(fault("http://127.0.0.1:3999/points", true)).toBeNull();
  expect(fault("http://localhost:3999/points", true)).toBeNull();
  expect(fault("http://10.0.0.1/points", true)).toBe("not-https");
  expect(fault("https://10.0.0.1/points", true)).toBe("private-address");
});
