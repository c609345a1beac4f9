/** Fetches a file with the merchant's session token, saves it under the name that the answer gives, and hands it on. */
export async function saveFile(address: string, fallbackName: string): Promise<Blob> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`answered ${response.status}`);
  const given = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1];
  const content = await response.blob();
  const file = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = file;
  link.download = given ?? fallbackName;
  link.click();
  URL.revokeObjectURL(file);
  return content;
}
