namespace EdsrIlgpu;

/// <summary>
/// Something the user gave cannot be used: a file, an option, a device. The message is one line that says what is wrong
/// and what to do; the command line prints it as it is.
/// </summary>
public class EdsrException : Exception
{
    /// <summary>With a one-line message.</summary>
    public EdsrException(string message) : base(message) { }

    /// <summary>With a one-line message and what caused it.</summary>
    public EdsrException(string message, Exception inner) : base(message, inner) { }
}
