/** Fetches a file with the merchant's session token and saves it under the name that the answer gives. */
export async function saveFile(address: string, fallbackName: string): Promise<void> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`answered ${response.status}`);
  const given = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1];
  const file = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = file;
  link.download = given ?? fallbackName;
  link.click();
  URL.revokeObjectURL(file);
}
