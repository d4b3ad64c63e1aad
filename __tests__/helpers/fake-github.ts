import type { GitHub, IssueComment, PullRequest } from '../../src/github/client.ts';

/** GitHub as a value: what is in it, and what was asked of it. */
export interface FakeGitHub extends GitHub {
  pulls: PullRequest[];
  conversation: IssueComment[];
  writes: string[];
  /** The login that new comments get. */
  login: string;
  /** Called before a comment is created, where another run may come first. */
  beforeCreate: () => void;
}

export function fakeGitHub(start: Partial<Pick<FakeGitHub, 'pulls' | 'conversation' | 'login'>> = {}): FakeGitHub {
  let next = 1000;
  const fake: FakeGitHub = {
    pulls: start.pulls ?? [],
    conversation: start.conversation ?? [],
    writes: [],
    login: start.login ?? 'github-actions[bot]',
    beforeCreate: () => {},
    pullRequest: async (number) => fake.pulls.find((pull) => pull.number === number)!,
    pullRequestsWithCommit: async () => fake.pulls,
    comments: async () => [...fake.conversation],
    createComment: async (_, body) => {
      fake.beforeCreate();
      const comment = { id: next++, url: 'https://github.com/c', author: fake.login, body };
      fake.conversation.push(comment);
      fake.writes.push(`create ${comment.id}`);
      return comment;
    },
    updateComment: async (id, body) => {
      const comment = fake.conversation.find((one) => one.id === id)!;
      comment.body = body;
      fake.writes.push(`update ${id}`);
      return comment;
    },
    deleteComment: async (id) => {
      fake.conversation = fake.conversation.filter((one) => one.id !== id);
      fake.writes.push(`delete ${id}`);
    },
  };
  return fake;
}
