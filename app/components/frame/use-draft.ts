/** What is being changed in a form, until it is saved or discarded; who saves over somebody else's change is told instead. */
import { useFetcher } from "@remix-run/react";
import { useEffect, useRef, useState } from "react";
import { showToast } from "./app-bridge.ts";

interface DraftAnswer {
  ok: boolean;
  message: string;
  /** Somebody else saved first. */
  changedMeanwhile?: boolean;
  /** Fields that the server refused. */
  faults?: readonly string[];
}

interface Edit<Saved, Typed> {
  typed: Typed;
  /** What it was begun from. */
  base: Saved;
  /** The answer to an earlier save, which says nothing of this edit. */
  earlier: DraftAnswer | undefined;
  wasTried: boolean;
}

interface DraftSource<Saved, Typed, Read> {
  saved: Saved;
  /** As its fields show it. */
  asSaved: Typed;
  read: (typed: Typed) => ({ ok: true } & Read) | { ok: false };
  /** What is sent, with what the change began from. */
  wish: (read: Read, base: Saved) => Readonly<Record<string, string>>;
}

export function useDraft<Saved, Typed extends object, Read extends object>({
  saved,
  asSaved,
  read: readTyped,
  wish,
}: DraftSource<Saved, Typed, Read>) {
  const fetcher = useFetcher<DraftAnswer>();
  const [begun, setBegun] = useState<Edit<Saved, Typed> | null>(null);
  const isSaving = fetcher.state !== "idle";
  const answer = begun && fetcher.data !== begun.earlier ? fetcher.data : undefined;
  // Once saved, what is shown is what was saved; where nothing is being changed, also what others save.
  const edit = answer?.ok && !isSaving ? null : begun;
  const typed = edit?.typed ?? asSaved;
  const read = readTyped(typed);
  useAnswerToast(fetcher.data, isSaving);

  function submit(base: Saved) {
    setBegun({ typed, base, earlier: fetcher.data, wasTried: true });
    if (read.ok) fetcher.submit({ ...wish(read, base) }, { method: "post" });
    else showToast("Some fields need another look", { isError: true });
  }

  const isChangedMeanwhile = edit !== null && answer?.changedMeanwhile === true;
  return {
    typed,
    /** What the last save came to, where it was a save of this edit. */
    answer: isSaving ? undefined : answer,
    wasTried: edit?.wasTried === true,
    isChangedMeanwhile,
    isChanged: edit !== null && (isChangedMeanwhile || JSON.stringify(typed) !== JSON.stringify(asSaved)),
    isSaving,
    change: (changes: Partial<Typed>) => {
      const { base, wasTried } = edit ?? { base: saved, wasTried: false };
      // What was refused is being mended: the answer is no longer about it.
      const earlier = isChangedMeanwhile ? edit.earlier : fetcher.data;
      setBegun({ typed: { ...typed, ...changes }, base, earlier, wasTried });
    },
    save: () => submit(edit?.base ?? saved),
    saveOver: () => submit(saved),
    discard: () => setBegun(null),
  };
}

function useAnswerToast(answer: DraftAnswer | undefined, isSaving: boolean) {
  const told = useRef<DraftAnswer | undefined>(undefined);
  useEffect(() => {
    if (isSaving || !answer || told.current === answer) return;
    told.current = answer;
    if (!answer.changedMeanwhile) showToast(answer.message, { isError: !answer.ok });
  }, [answer, isSaving]);
}
