%% The same exchanges on the BEAM. Prints one line a series: its name, then a number a run.
%%   erl -noshell -s rival main NAME NUMBER…     (see ../src/main/java/org/ashlar/bench/driver for what they mean)
-module(rival).
-export([main/1, echo/0, sink/0, spin/1]).

-define(BODY, <<0:512>>).

main([Name | Numbers]) ->
    run(Name, [list_to_integer(atom_to_list(N)) || N <- Numbers]),
    halt().

run(rounds, [Pairs, Millis, Runs]) ->
    Echoes = [spawn(?MODULE, echo, []) || _ <- lists:seq(1, Pairs)],
    _ = rounds(Echoes, Millis),
    Rates = [rounds(Echoes, Millis) || _ <- lists:seq(1, Runs)],
    print("rate", [lists:sum(R) || R <- Rates]),
    print("slowest", [hd(lists:sort(R)) / lists:nth(Pairs div 2 + 1, lists:sort(R)) || R <- Rates]);
run(latency, [Count, Runs]) ->
    latency(Count, Runs);
run(quiet, [Count, Runs]) ->
    Sink = spawn(?MODULE, sink, []),
    spawn(fun() -> flood(Sink) end),
    spawn(?MODULE, spin, [0]),
    latency(Count, Runs);
run(spawn, [Count, Runs]) ->
    _ = spawning(Count),
    print("spawn", [spawning(Count) || _ <- lists:seq(1, Runs)]);
run(memory, [Count]) ->
    erlang:garbage_collect(),
    Before = erlang:memory(total),
    Begun = now_ns(),
    Echoes = [spawn(?MODULE, echo, []) || _ <- lists:seq(1, Count)],
    [call(E) || E <- Echoes],
    Started = now_ns() - Begun,
    [erlang:garbage_collect(E) || E <- Echoes],
    erlang:garbage_collect(),
    print("heap", [(erlang:memory(total) - Before) / Count]),
    print("started", [Started / 1.0e9]).

print(Name, Numbers) ->
    io:format("~s~s~n", [Name, [io_lib:format(" ~w", [float(N)]) || N <- Numbers]]).

%% Request and reply as every gen_server does it: a monitor, a message, an answer or the news that the other is gone.
call(Echo) ->
    {ok, Body} = gen:call(Echo, '$gen_call', ?BODY, infinity),
    Body.

echo() ->
    receive
        {'$gen_call', From, Body} -> gen:reply(From, Body), echo()
    end.

rounds(Echoes, Millis) ->
    Parent = self(),
    Callers = [spawn(fun() -> Parent ! {self(), caller(Echo, Millis)} end) || Echo <- Echoes],
    [receive {Caller, Rate} -> Rate end || Caller <- Callers].

caller(Echo, Millis) ->
    Start = now_ns(),
    {Done, End} = until(Echo, Start + Millis * 1000000, 0),
    Done * 1.0e9 / (End - Start).

until(Echo, End, Done) ->
    [call(Echo) || _ <- lists:seq(1, 32)],
    case now_ns() of
        Now when Now >= End -> {Done + 32, Now};
        _ -> until(Echo, End, Done + 32)
    end.

latency(Count, Runs) ->
    Echo = spawn(?MODULE, echo, []),
    _ = samples(Echo, Count),
    Sorted = [list_to_tuple(lists:sort(samples(Echo, Count))) || _ <- lists:seq(1, Runs)],
    [print(Name, [element(trunc(Count * Share) + 1, S) || S <- Sorted])
     || {Name, Share} <- [{"p50", 0.5}, {"p99", 0.99}, {"p999", 0.999}]].

samples(Echo, Count) -> samples(Echo, Count, now_ns(), []).

samples(_, 0, _, Taken) -> Taken;
samples(Echo, Count, Before, Taken) ->
    _ = call(Echo),
    After = now_ns(),
    samples(Echo, Count - 1, After, [After - Before | Taken]).

spawning(Count) ->
    Start = now_ns(),
    Children = [spawn(?MODULE, echo, []) || _ <- lists:seq(1, Count)],
    End = now_ns(),
    [exit(Child, kill) || Child <- Children],
    (End - Start) / Count.

flood(Sink) -> Sink ! ?BODY, flood(Sink).

sink() -> receive _ -> sink() end.

spin(N) -> spin(N + 1).

now_ns() -> erlang:monotonic_time(nanosecond).
