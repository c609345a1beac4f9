/** What shoppers are told about what they did, in the six languages of the storefront's texts. */

const EN = {
  code: "Your code: {code}",
  credit: "The credit is in your account.",
  pending: "Your reward is being made. It will be here in a moment.",
  "insufficient-points": "You do not have enough points for this reward.",
  "not-offered": "This reward is not available at the moment.",
  "no-member": "Join the programme first.",
  "log-in": "Please log in first.",
  joined: "You are a member now.",
  "no-programme": "There is no programme at the moment.",
  "given-back": "The points are back in your account.",
  "not-found": "This reward cannot be found.",
  "being-made": "This reward is still being made. Please try again in a minute.",
  over: "This reward has been used or has ended.",
  "not-returnable": "This reward cannot be given back.",
  "not-made": "The reward could not be made. Your points are back in your account.",
  saved: "Your birthday is saved.",
  "too-often": "That was too often. Please wait a moment and try again.",
  "not-understood": "That could not be understood. Please load the page again.",
  later: "That did not work just now. Please try again later.",
} as const;

export type ShopperMessage = keyof typeof EN;

const PL: Record<ShopperMessage, string> = {
  code: "Twój kod: {code}",
  credit: "Środki są na Twoim koncie.",
  pending: "Przygotowujemy Twoją nagrodę. Za chwilę będzie gotowa.",
  "insufficient-points": "Masz za mało punktów na tę nagrodę.",
  "not-offered": "Ta nagroda jest teraz niedostępna.",
  "no-member": "Najpierw dołącz do programu.",
  "log-in": "Najpierw się zaloguj.",
  joined: "Należysz już do programu.",
  "no-programme": "Obecnie nie ma programu.",
  "given-back": "Punkty wróciły na Twoje konto.",
  "not-found": "Nie znaleziono tej nagrody.",
  "being-made": "Ta nagroda jest jeszcze przygotowywana. Spróbuj ponownie za minutę.",
  over: "Ta nagroda została już wykorzystana lub wygasła.",
  "not-returnable": "Tej nagrody nie można zwrócić.",
  "not-made": "Nie udało się przygotować nagrody. Punkty wróciły na Twoje konto.",
  saved: "Data urodzin została zapisana.",
  "too-often": "Zbyt wiele prób. Odczekaj chwilę i spróbuj ponownie.",
  "not-understood": "Nie udało się tego zrozumieć. Odśwież stronę.",
  later: "Teraz się nie udało. Spróbuj ponownie później.",
};

const RU: Record<ShopperMessage, string> = {
  code: "Ваш код: {code}",
  credit: "Средства зачислены на ваш счёт.",
  pending: "Награда готовится. Она появится через мгновение.",
  "insufficient-points": "Для этой награды не хватает баллов.",
  "not-offered": "Эта награда сейчас недоступна.",
  "no-member": "Сначала вступите в программу.",
  "log-in": "Сначала войдите в аккаунт.",
  joined: "Теперь вы участник программы.",
  "no-programme": "Сейчас программы нет.",
  "given-back": "Баллы вернулись на ваш счёт.",
  "not-found": "Такая награда не найдена.",
  "being-made": "Награда ещё готовится. Попробуйте снова через минуту.",
  over: "Эта награда уже использована или больше не действует.",
  "not-returnable": "Эту награду нельзя вернуть.",
  "not-made": "Награду не удалось подготовить. Баллы вернулись на ваш счёт.",
  saved: "Дата рождения сохранена.",
  "too-often": "Слишком много попыток. Подождите немного и попробуйте снова.",
  "not-understood": "Не удалось понять запрос. Обновите страницу.",
  later: "Сейчас не получилось. Попробуйте позже.",
};

const TH: Record<ShopperMessage, string> = {
  code: "โค้ดของคุณ: {code}",
  credit: "เครดิตเข้าบัญชีของคุณแล้ว",
  pending: "กำลังเตรียมของรางวัลให้คุณ อีกสักครู่จะพร้อม",
  "insufficient-points": "คะแนนของคุณไม่พอสำหรับของรางวัลนี้",
  "not-offered": "ขณะนี้ไม่มีของรางวัลนี้",
  "no-member": "โปรดเข้าร่วมโปรแกรมก่อน",
  "log-in": "โปรดเข้าสู่ระบบก่อน",
  joined: "คุณเป็นสมาชิกแล้ว",
  "no-programme": "ขณะนี้ไม่มีโปรแกรม",
  "given-back": "คะแนนกลับเข้าบัญชีของคุณแล้ว",
  "not-found": "ไม่พบของรางวัลนี้",
  "being-made": "กำลังเตรียมของรางวัลนี้อยู่ โปรดลองอีกครั้งในหนึ่งนาที",
  over: "ของรางวัลนี้ใช้ไปแล้วหรือหมดอายุแล้ว",
  "not-returnable": "ของรางวัลนี้คืนไม่ได้",
  "not-made": "เตรียมของรางวัลไม่สำเร็จ คะแนนกลับเข้าบัญชีของคุณแล้ว",
  saved: "บันทึกวันเกิดของคุณแล้ว",
  "too-often": "ลองบ่อยเกินไป โปรดรอสักครู่แล้วลองอีกครั้ง",
  "not-understood": "ระบบไม่เข้าใจคำขอนี้ โปรดโหลดหน้านี้ใหม่",
  later: "ตอนนี้ทำรายการไม่สำเร็จ โปรดลองใหม่ภายหลัง",
};

const JA: Record<ShopperMessage, string> = {
  code: "コード: {code}",
  credit: "残高がアカウントに追加されました。",
  pending: "特典を準備しています。まもなく表示されます。",
  "insufficient-points": "この特典に必要なポイントが足りません。",
  "not-offered": "この特典は現在ご利用いただけません。",
  "no-member": "先にプログラムにご参加ください。",
  "log-in": "先にログインしてください。",
  joined: "プログラムの会員になりました。",
  "no-programme": "現在プログラムは実施していません。",
  "given-back": "ポイントがアカウントに戻りました。",
  "not-found": "この特典は見つかりません。",
  "being-made": "この特典はまだ準備中です。1分後にもう一度お試しください。",
  over: "この特典は使用済みか、終了しています。",
  "not-returnable": "この特典は返却できません。",
  "not-made": "特典を準備できませんでした。ポイントはアカウントに戻りました。",
  saved: "誕生日を保存しました。",
  "too-often": "操作が多すぎます。しばらく待ってからもう一度お試しください。",
  "not-understood": "内容を読み取れませんでした。ページを再読み込みしてください。",
  later: "ただいま処理できませんでした。後でもう一度お試しください。",
};

const LV: Record<ShopperMessage, string> = {
  code: "Tavs kods: {code}",
  credit: "Kredīts ir tavā kontā.",
  pending: "Tava balva tiek sagatavota. Pēc brīža tā būs šeit.",
  "insufficient-points": "Šai balvai tev nepietiek punktu.",
  "not-offered": "Šī balva pašlaik nav pieejama.",
  "no-member": "Vispirms pievienojies programmai.",
  "log-in": "Vispirms pieslēdzies.",
  joined: "Tagad tu esi programmas dalībnieks.",
  "no-programme": "Pašlaik programmas nav.",
  "given-back": "Punkti ir atgriezti tavā kontā.",
  "not-found": "Šāda balva nav atrasta.",
  "being-made": "Šī balva vēl tiek sagatavota. Mēģini vēlreiz pēc minūtes.",
  over: "Šī balva jau ir izmantota vai beigusies.",
  "not-returnable": "Šo balvu nevar atdot.",
  "not-made": "Balvu neizdevās sagatavot. Punkti ir atgriezti tavā kontā.",
  saved: "Tava dzimšanas diena ir saglabāta.",
  "too-often": "Pārāk daudz mēģinājumu. Nedaudz pagaidi un mēģini vēlreiz.",
  "not-understood": "To neizdevās saprast. Pārlādē lapu.",
  later: "Šobrīd neizdevās. Mēģini vēlāk.",
};

const LANGUAGES: Readonly<Record<string, Record<ShopperMessage, string>>> = {
  en: EN,
  pl: PL,
  ru: RU,
  th: TH,
  ja: JA,
  lv: LV,
};

/** The languages in which shoppers are told. */
export const SHOPPER_LANGUAGES = Object.keys(LANGUAGES);

/** `locale` as the storefront names it (`pt-BR`): its language counts, and English stands in for those that are not there. */
export function shopperMessage(locale: string, message: ShopperMessage, code = ""): string {
  const language = locale.toLowerCase().split("-")[0] ?? "";
  const texts = (Object.hasOwn(LANGUAGES, language) ? LANGUAGES[language] : undefined) ?? EN;
  return texts[message].replace("{code}", () => code);
}
