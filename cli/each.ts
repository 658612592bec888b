/** Runs `work` on all, some at a time; answers in order. The first error ends it. */
export async function each<In, Out>(all: readonly In[], work: (one: In) => Promise<Out>, atOnce = 8): Promise<Out[]> {
  const answers: Out[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < all.length; index = next++) answers[index] = await work(all[index]!);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, all.length) }, lane));
  return answers;
}
