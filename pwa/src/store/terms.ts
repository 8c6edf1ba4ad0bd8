// The vocabulary of side effects. It is about nobody, so it is simply kept.
import { useEffect, useState } from "preact/hooks";
import { api, ask } from "../api/client.ts";
import type { Term } from "../api/types.ts";
import { local } from "./trouble.ts";

const KEY = "respite-terms";

export function useTerms(): Term[] {
  const [terms, setTerms] = useState<Term[]>(() => JSON.parse(local.get(KEY) ?? "[]"));
  useEffect(() => {
    void ask(api.GET("/api/v1/side-effects/vocabulary/")).then(({ data }) => {
      if (!data) return;
      local.set(KEY, JSON.stringify(data.results));
      setTerms(data.results);
    });
  }, []);
  return terms;
}
